"""What came of a test message, for the audit log and the first steps."""

from __future__ import annotations

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand


@action(permission="messaging.manage_mail")
def record_mail_test(*, actor: Actor, address: str, taken: bool, answer: str) -> None:
    """Notes who tried the mail server and what it said."""
    data = {"email": address, "taken": taken, "answer": answer}
    record(actor=actor, type="console.mail_tested", subject=Brand.default(), data=data)
