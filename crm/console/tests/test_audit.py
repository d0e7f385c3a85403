"""The audit log: what is in it, filters in the address, the file."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.core.actor import Actor
from crm.core.errors import NotAllowed
from crm.testing.suites import staff as suite_staff

from ..actions import staff
from ..selectors import audit
from .builders import SYSTEM, make_actor, make_user, signed_in

pytestmark = pytest.mark.django_db
URL = "/settings/audit/"


def keys(viewer: Actor, **filters: object) -> list[str]:
    return [row.entry.key for row in audit.audit_log(viewer, filters).rows]


def test_settings_changes_are_there_with_their_values() -> None:
    chief, user = make_user("administrator"), make_user()
    staff.update_user(actor=actor_for(chief), record=user, values={"job_title": "Night shift"})
    row = audit.audit_log(actor_for(chief), {}).rows[0]
    assert row.entry.key == "console.user_updated" and row.url == reverse("console:user_detail", args=[user.pk])
    assert [(change.before, change.after) for change in row.changes] == [("--", "Night shift")]


def test_filters_narrow_by_person_type_and_day() -> None:
    chief, user = make_user("administrator", name="Unlike Anybody"), make_user()
    actor = actor_for(chief)
    staff.suspend_user(actor=actor, record=user)
    staff.restore_user(actor=SYSTEM, record=user)
    assert keys(actor, actor=chief, type="console.*") == ["console.user_suspended"]
    assert keys(actor, q="unlike") == ["console.user_suspended"]
    assert set(keys(actor, type="console.user_restored")) == {"console.user_restored"}
    assert keys(actor, type="no.such") == []
    client = signed_in(chief)
    assert client.get(URL, {"since": "2100-01-01"}).context["page"].rows == []
    assert (
        client.get(URL, {"since": "rubbish", "before": "²", "type": "x", "actor": "0", "nonsense": "1"}).status_code
        == 200
    )


def test_pages_follow_each_other_without_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 3)
    actor = make_actor("administrator")
    for _number in range(4):
        make_user()
    seen: list[int] = []
    before = None
    while True:
        page = audit.audit_log(actor, {"type": "console.*"}, before)
        seen += [row.entry.id for row in page.rows]
        if page.before is None:
            break
        before = page.before
    assert seen == sorted(set(seen), reverse=True) and len(seen) >= 8


def test_the_log_is_for_those_who_may_read_it() -> None:
    with pytest.raises(NotAllowed):
        audit.audit_log(make_actor("agent"), {})
    assert signed_in(suite_staff()).get(URL).status_code == 403
    assert signed_in(make_user("auditor")).get(URL).status_code == 200


def test_the_file_is_safe_for_spreadsheets_and_the_export_is_itself_on_record() -> None:
    chief = make_user("administrator")
    make_user(name="=HYPERLINK(1)")
    response = signed_in(chief).post(reverse("console:audit_export"), {"type": "console.*"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) > 2 and all(not cell.startswith("=") for row in rows for cell in row)
    assert keys(actor_for(chief))[0] == "console.audit_exported"
