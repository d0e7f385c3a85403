"""Sending oneself a test ticket by the way that customers take, and clearing it away again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.core.models import Brand
from customers.actions import delete_customer, erase_customer
from customers.exceptions import InUse
from customers.models import Customer

from ..models import Ticket
from ..trial import SAME_MOMENT, SENT, SUBJECT, TEXT, is_trial, trial_type
from .editing import delete_ticket
from .intake import submit_ticket
from .recycling import erase_ticket


@action(permission="tickets.manage")
def send_trial(*, actor: Actor, form_key: str) -> Ticket:
    """Submits a request with the actor as the customer, by the verb behind the public form.

    The same form_key gives the same ticket. Raises `NotReady` without a request type, and what `submit_ticket` does.
    """
    asked = trial_type()
    if asked is None:
        raise NotReady(_("Create a request type that everybody may ask for first."))
    person = User.objects.get(pk=actor.user_id)
    ticket = submit_ticket(
        actor=Actor.guest(), brand=Brand.default(), request_type=asked, subject=str(SUBJECT), description=str(TEXT),
        name=person.name, email=person.email, language=person.language, timezone=person.timezone, consent=True,
        form_key=form_key,
    )  # fmt: skip
    if not is_trial(ticket):
        data = {"number": ticket.number}
        record(actor=actor, type=SENT, subject=ticket, anchors=[ticket.customer], data=data)
    return ticket


@action(permission="console.erase")
def remove_trial(*, actor: Actor, ticket: Ticket) -> None:
    """Removes a test ticket for good, and the customer that came with it unless it has become more.

    Raises `NotFound` for a ticket that is no test.
    """
    if not is_trial(ticket):
        raise NotFound
    customer: Customer = ticket.customer
    came_with_it = customer.created_at >= ticket.created_at - SAME_MOMENT
    delete_ticket(actor=actor, ticket=ticket)
    erase_ticket(actor=actor, ticket=Ticket.all_objects.get(pk=ticket.pk))
    if came_with_it:
        try:
            delete_customer(actor=actor, customer=customer)
            erase_customer(actor=actor, customer=Customer.all_objects.get(pk=customer.pk))
        except InUse:
            return
