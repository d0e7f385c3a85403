"""Money that is late: who hears of it, and what the customer is told."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import masked_email
from crm.messaging.actions import add_message, queue_mail
from crm.messaging.rendering import render_template

from ..choices.payments import REMINDER_LEVELS
from ..models import Contract, Instalment, PaymentSettings, Reminder
from .paper_mail import conversation_of
from .payment_tasks import add_overdue_task

_BATCH = 200


@action()
def find_overdue(*, actor: Actor, limit: int = _BATCH) -> int:
    """Tells of instalments that reached another level of lateness: once an instalment and level. Returns how many.

    Each level makes a task for the contract's owner and a reminder, which waits for "send" or, where the brand says
    so, goes out at once.
    """
    today, told = timezone.localdate(clock.now()), 0
    for settings in PaymentSettings.objects.select_related("brand").order_by("pk"):
        for row in _late(settings, today, limit - told):
            _reach(actor, row, settings, today)
            told += 1
    return told


@action(permission="payments.remind")
def send_reminder(*, actor: Actor, reminder: Reminder, to_email: str) -> Reminder:
    """Mails a reminder to the customer in the contract's language; the answer comes back to the contract.

    Raises `Conflict` where it was sent, or paid meanwhile, `Invalid` for an address that is none, `NotFound`.
    """
    seen = Reminder.objects.visible_to(actor).select_related("instalment").filter(pk=reminder.pk).first()
    if seen is None:
        raise NotFound
    contract = Contract.objects.lock().select_related("brand", "customer", "contact", "owner").get(
        pk=seen.instalment.contract_id
    )  # fmt: skip
    row: Reminder = Reminder.objects.lock().select_related("instalment").get(pk=seen.pk)
    row.instalment.contract = contract
    _require_due(row)
    if not to_email.strip():
        raise Invalid(fields={"to_email": _("Enter an email address")})
    _send(actor, row, to_email.strip())
    return row


def address_of(contract: Contract) -> str:
    """Where reminders go: the contact's first mail address, else where the contract was sent, "" for nowhere."""
    known = contract.contact.identities.filter(kind="email").order_by("pk").first() if contract.contact else None
    return known.value if known else contract.sent_to


def _late(settings: PaymentSettings, today: dt.date, limit: int) -> list[Instalment]:
    """Instalments of a brand that reached a level nobody was told of, locked."""
    reached = Q(pk__in=[])
    for level, days in zip(
        REMINDER_LEVELS, (settings.first_days, settings.second_days, settings.third_days), strict=True
    ):
        reached |= Q(due_on__lte=today - dt.timedelta(days=days), told_level__lt=level)
    rows = Instalment.objects.overdue(today).filter(reached, contract__brand=settings.brand_id).order_by("pk")
    rows = rows.select_related("contract__customer", "contract__owner", "contract__brand", "contract__contact")
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])


def _reach(actor: Actor, row: Instalment, settings: PaymentSettings, today: dt.date) -> None:
    days = (today - row.due_on).days
    row.told_level = settings.level_of(days)
    row.save(update_fields=["told_level"])
    reminder, _created = Reminder.objects.get_or_create(instalment=row, level=row.told_level)
    add_overdue_task(actor, row, row.told_level)
    tell(actor, "payments.overdue", row, {"days": days, "level": row.told_level})
    address = address_of(row.contract)
    if settings.is_automatic and address and reminder.sent_at is None:
        _send(actor, reminder, address)


def _require_due(row: Reminder) -> None:
    if row.sent_at is not None:
        raise Conflict(_("This reminder was sent already."))
    if not Instalment.objects.overdue(timezone.localdate(clock.now())).filter(pk=row.instalment_id).exists():
        raise Conflict(_("This instalment is not overdue any more."))


def _send(actor: Actor, row: Reminder, to_email: str) -> None:
    """The mail, the message of the contract's conversation that it carries, and the deed."""
    contract, template = row.instalment.contract, f"payments.reminder_{row.level}"
    values = reminder_values(row, actor.label if actor.user_id else "")
    text = render_template(template, brand=contract.brand, language=contract.language, values=values).text
    conversation = conversation_of(actor, contract)
    contract.save(update_fields=["conversation"])
    message = add_message(
        actor=actor, conversation=conversation, direction="outbound", body=text, language=contract.language
    )
    queue_mail(
        actor=actor, template_key=template, to_email=to_email, values=values, brand=contract.brand,
        to_name=contract.contact.name if contract.contact else contract.customer.name, language=contract.language,
        related=message, conversation=conversation, dedupe_key=f"{template}:{row.pk}",
    )  # fmt: skip
    row.sent_at, row.sent_to = clock.now(), to_email
    row.save(update_fields=["sent_at", "sent_to"])
    said = {"to": masked_email(to_email), "level": row.level, "text": text}
    tell(actor, "payments.reminded", row.instalment, said)


def reminder_values(row: Reminder, sender: str) -> dict[str, str]:
    """What the wording of a reminder may name, in the contract's language."""
    part = row.instalment
    contract = part.contract
    with translation.override(contract.language):
        return {
            "contract.number": contract.label, "contract.name": contract.name, "instalment.open": part.open_text,
            "instalment.due": date_format(part.due_on), "customer.name": contract.customer.name,
            "instalment.days": str((timezone.localdate(clock.now()) - part.due_on).days),
            "agent.name": sender or contract.brand.name.in_language(contract.language),
        }  # fmt: skip


def tell(actor: Actor, type: str, row: Instalment, data: dict[str, object]) -> None:
    """Writes the deed on the contract and its customer."""
    contract = row.contract
    facts = {
        "number": contract.label, "name": contract.name, "amount": row.open_text, "owner_id": contract.owner_id,
        "customer": contract.customer.name, "due": str(row.due_on),
    }  # fmt: skip
    record(actor=actor, type=type, subject=contract, anchors=[contract.customer], data={**facts, **data})
