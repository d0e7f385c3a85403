"""A colleague asks another department, signed in: the same forms, without an address to prove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.jobs import idempotency
from customers.actions import contact_of_colleague

from ..choices import Audience
from ..mailing import confirm_receipt
from ..models import RequestType, Ticket
from ..questions import check_answers, file_names
from .intake import NewRequest, open_ticket

ROUTE = "tickets.request"


@action()
def submit_request(
    *,
    actor: Actor,
    request_type: RequestType,
    subject: str,
    description: str,
    form_key: str,
    uploads: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
) -> Ticket:
    """Takes the request of a member of staff, who becomes a contact of the own company with their first one.

    The ticket is the department's like any other: its asker sees what a customer would, whatever their roles. The
    same form_key gives the first ticket. answers as in `submit_ticket`. Raises `Invalid`, also for a type that
    colleagues are not offered, `Conflict` for the same key with other content, `NotFound` for anybody but staff.
    """
    contact = contact_of_colleague(actor=actor)
    who = f"staff:{actor.id}"
    body = {
        "type": request_type.key, "subject": subject, "description": description, "uploads": sorted(uploads),
        "answers": dict(answers or {}),
    }  # fmt: skip
    earlier = idempotency.begin(route=ROUTE, actor=who, key=form_key, body=body)
    if earlier is not None:
        return Ticket.all_objects.get(pk=earlier.answer["ticket"])
    if not RequestType.objects.offered_to(Audience.EMPLOYEES).filter(pk=request_type.pk).exists():
        raise Invalid(fields={"request_type": _("Choose what it is about")})
    checked = check_answers(request_type, answers or {}, files=file_names(form_key, uploads))
    brand = contact.customer.brand
    new = NewRequest(
        brand=brand, contact=contact, request_type=request_type, subject=subject, description=description,
        language=contact.language or brand.language, timezone=contact.timezone or brand.timezone,
        email=User.objects.get(pk=actor.user_id).email, phone="", channel="web", uploads=uploads, form_key=form_key,
        answers=checked, is_proved=True,
    )  # fmt: skip
    ticket = open_ticket(actor=Actor.contact(contact.pk, contact.name), new=new)
    confirm_receipt(actor=Actor.system(), ticket=ticket)
    idempotency.finish(route=ROUTE, actor=who, key=form_key, answer={"ticket": ticket.pk})
    return ticket
