"""The recycle bin where nothing is deleted, and the groups of the audit log. Records: see tickets and customers."""

from __future__ import annotations

import pytest

from crm.core import sockets
from crm.testing.suites import signed_in, staff

from ..selectors.audit import GROUPS, audit_log
from ..selectors.recycle_bin import find
from .builders import make_actor

pytestmark = pytest.mark.django_db
URL = "/settings/recycle-bin/"


def test_without_the_right_to_delete_anything_the_page_says_so() -> None:
    response = signed_in(staff()).get(URL)
    assert response.status_code == 200 and response.context["page"].rows == []
    assert "not yours to open" in response.content.decode()


def test_an_empty_bin_says_what_it_is_for() -> None:
    body = signed_in(staff("tickets.delete", "tickets.view")).get(URL).content.decode()
    assert "The recycle bin is empty" in body
    filtered = signed_in(staff("tickets.delete", "tickets.view")).get(URL, {"q": "x"}).content.decode()
    assert "Nothing matches these filters" in filtered


def test_every_declared_kind_exists_and_names_who_may_delete() -> None:
    for entry in sockets.recyclables:
        assert entry.key in sockets.kinds and entry.permission in sockets.permissions.names


def test_tokens_that_mean_nothing_find_nothing() -> None:
    actor = make_actor("administrator")
    assert find(actor, ["", "ticket", "ticket:", "ticket:x", "ticket:²", "team:1", "ticket:" + "9" * 30]) == []
    client = signed_in(staff("tickets.delete", "tickets.view", "console.erase"))
    assert client.post(URL + "restore/", {"ids": ["ticket:999999"]}).status_code == 302
    assert client.post(URL + "erase/", {"ids": ["ticket:999999"], "typed": "1"}).status_code == 404
    assert client.get(URL + "erase/").status_code == 302
    assert client.get(URL, {"before": "2026-13-45T99:00", "deleted_by": "x", "kind": "nothing"}).status_code == 200


def test_the_audit_log_filters_exports_and_deletions() -> None:
    keys = {entry.key for entry in sockets.activity_types}
    exports = {key for key in keys if GROUPS["exports"][1](key)}
    deletions = {key for key in keys if GROUPS["deletions"][1](key)}
    assert {"console.audit_exported", "ui.exported"} <= exports
    assert {"tickets.deleted", "tickets.restored", "tickets.erased", "customers.deleted", "files.removed"} <= deletions
    page = audit_log(make_actor("administrator"), {"type": "exports"})
    assert page.rows == []
