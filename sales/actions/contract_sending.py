"""Sending a contract: the PDF for the customer to sign, or the signed one for their files."""

from __future__ import annotations

from django.core.files.base import File
from django.utils import translation
from django.utils.formats import date_format

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import clean_text, masked_email
from crm.files.actions import attach_file

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractNotReady
from ..models import Contract
from ..paper.contracts import render
from .contracts import locked, tell
from .paper_mail import mail_paper

_SENDABLE = (ContractState.APPROVED, ContractState.ACTIVE, ContractState.COMPLETED)


@action(permission="contracts.update")
def send_contract(*, actor: Actor, contract: Contract, to_email: str, text: str) -> Contract:
    """Mails the PDF with a colleague's words. Raises `ContractNotReady` for a draft, `Invalid`, `NotFound`."""
    row = locked(actor, contract)
    if row.state not in _SENDABLE:
        raise ContractNotReady
    row.sent_at, row.sent_to = clock.now(), to_email.strip()
    with translation.override(row.language):
        values = {
            "contract.number": row.label, "contract.name": row.name, "contract.amount": row.amount_text,
            "contract.starts": date_format(row.starts) if row.starts else "",
            "contract.ends": date_format(row.ends) if row.ends else "", "contract.text": clean_text(text),
            "agent.name": actor.label,
        }  # fmt: skip
    message = mail_paper(
        actor, row, template="contracts.sent", text=text, to_email=row.sent_to, pdf=render(row), values=values,
        to_name=row.contact.name if row.contact else row.customer.name,
    )  # fmt: skip
    row.save(update_fields=["conversation", "sent_at", "sent_to"])
    tell(actor, "contracts.sent", row, {"to": masked_email(row.sent_to), "text": message.body})
    return row


@action(permission="contracts.update")
def add_file(*, actor: Actor, contract: Contract, file: File) -> Contract:
    """Hangs a file on a contract, such as the signed paper. Raises `Invalid` for a file that is refused."""
    row = locked(actor, contract)
    attach_file(actor=actor, kind="contract", object_id=row.pk, name=str(file.name), file=file)
    tell(actor, "contracts.file_added", row, {"file": str(file.name)})
    return row
