"""A kind of record that needs approval, for the engine's own tests: departments."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.models import Department
from crm.approvals.actions import save_flow
from crm.approvals.declarations import Approvable, approvables
from crm.approvals.models import ApprovalFlow
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.translated import Translated
from crm.testing.builders import make_user

#: What the actions were called with, newest last.
calls: list[tuple[str, int]] = []


@action()
def approved(*, actor: Actor, record: Department) -> None:
    calls.append(("approved", record.pk))


@action()
def rejected(*, actor: Actor, record: Department) -> None:
    calls.append(("rejected", record.pk))


DEPARTMENTS = Approvable(
    "department",
    "",
    snapshot=lambda record: {"name": dict(record.name)},
    describe=lambda data: [("Name", data["name"]["en"])],
    on_approved=f"{__name__}.approved",
    on_rejected=f"{__name__}.rejected",
)


@pytest.fixture
def departments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Departments may need approval for the length of a test."""
    monkeypatch.setitem(approvables._entries, "department", DEPARTMENTS)
    calls.clear()


def make_flow(*steps: dict[str, Any], **values: Any) -> ApprovalFlow:
    """A flow for departments, by default one step of a sales manager."""
    name = Translated({"en": "Big departments", "zh-hans": "大部门"})
    given = {"kind": "department", "name": name, "condition": {}, **values}
    return save_flow(actor=Actor.system(), values=given, steps=steps or [{"who": "user", "user": make_user()}])
