"""The block "Approvals" on the page of every kind of record that may need consent."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, panels

from .choices import TONES, State
from .declarations import approvables
from .selectors import approvals_on, may_decide


def context(actor: Actor, record: Any) -> dict[str, Any]:
    """The record's approvals with who decided what."""
    found = approvals_on(actor, record)
    return {
        "approvals": [(row, TONES[State(row.state)]) for row in found],
        "mine": next((row for row in found if may_decide(actor, row)), None),
        "own": next((row for row in found if row.is_pending and row.requested_by_id == actor.user_id), None),
    }


panels.register(
    *(
        Panel(f"approvals.{entry.key}", entry.key, _("Approvals"), "approvals/panels/_approvals.html", context,
              "approvals.decide", order=15)
        for entry in approvables
    )
)  # fmt: skip
