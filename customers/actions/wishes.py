"""What customers are looking for: noting it, changing it, closing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text
from crm.core.translated import in_all_languages

from ..choices import WishState
from ..figures.offering import count_offers
from ..figures.wishing import match_wishes
from ..models import Customer, Offer, Wish
from .customers import locked

FIELDS = frozenset({
    "name", "contact", "category", "budget_from", "budget_to", "currency", "size_from", "size_to", "place", "quantity",
    "words", "until", "note",
})  # fmt: skip
#: One of these is needed, else any product would fit.
_CRITERIA = ("category", "budget_from", "budget_to", "size_from", "size_to", "place", "words")


@action(permission="customers.update")
def note_wish(*, actor: Actor, customer: Customer, values: Mapping[str, Any]) -> Wish:
    """Notes what a customer is looking for, and finds what fits. Raises `Invalid`, `NotFound`."""
    row = locked(actor, customer)
    wish = Wish(customer=row, created_by_id=actor.user_id, currency=row.brand.currency)
    _store(wish, values)
    _tell(actor, "wishes.noted", wish)
    return wish


@action(permission="customers.update")
def change_wish(*, actor: Actor, values: Mapping[str, Any], record: Wish) -> Wish:
    """Changes what a customer is looking for. Raises `Invalid`, `NotFound`."""
    row = _own(actor, record)
    _store(row, values)
    _tell(actor, "wishes.changed", row)
    return row


@action(permission="customers.update")
def close_wish(*, actor: Actor, wish: Wish, state: str) -> Wish:
    """Closes a wish that was met, or that the customer gave up. Raises `Invalid`, `NotFound`."""
    if state not in (WishState.MET, WishState.DROPPED):
        raise Invalid(fields={"state": _("Say whether it was met or dropped")})
    row = _own(actor, wish)
    if row.state == state:
        return row
    row.state, row.closed_at = state, clock.now()
    row.save()
    match_wishes(wishes=[row.pk])
    _tell(actor, "wishes.closed", row, {"state": in_all_languages(WishState(state).label)})
    return row


@action(permission="customers.update")
def reopen_wish(*, actor: Actor, wish: Wish) -> Wish:
    """Opens a closed wish again, and finds what fits. Raises `NotFound`."""
    row = _own(actor, wish)
    if row.state == WishState.OPEN:
        return row
    row.state, row.closed_at = WishState.OPEN, None
    row.save()
    match_wishes(wishes=[row.pk])
    _tell(actor, "wishes.reopened", row)
    return row


@action(permission="customers.update")
def dismiss_offer(*, actor: Actor, offer: Offer) -> None:
    """Notes that the customer does not want what is offered: it is not offered again. Twice changes nothing."""
    found = Offer.objects.visible_to(actor).filter(pk=offer.pk).values_list("customer", flat=True).first()
    if found is None:
        raise NotFound
    customer = locked(actor, Customer(pk=found))
    row = Offer.objects.select_for_update(no_key=True).select_related("product").get(pk=offer.pk)
    if row.dismissed_at is not None:
        return
    row.dismissed_at = clock.now()
    row.save(update_fields=["dismissed_at"])
    count_offers([customer.pk])
    record_activity(
        actor=actor, type="offers.dismissed", subject=customer, anchors=[row.product],
        data={"product": str(row.product)},
    )  # fmt: skip


def _own(actor: Actor, wish: Wish) -> Wish:
    """The wish, fresh and locked, of a customer that the actor sees. Raises `NotFound`."""
    row: Wish | None = Wish.objects.visible_to(actor).lock().filter(pk=wish.pk).first()
    if row is None:
        raise NotFound
    return row


def _store(wish: Wish, values: Mapping[str, Any]) -> None:
    """Checks, saves and matches. Raises `Invalid`."""
    if set(values) - FIELDS:
        raise Invalid
    for name, value in values.items():
        if isinstance(value, str):
            value = clean_text(value, 4000) if name == "note" else clean_line(value)
        setattr(wish, name, value)
    if not any(getattr(wish, name) not in (None, "") for name in _CRITERIA):
        raise Invalid(fields={"words": _("Name at least a budget, a category, a size, an area or a word")})
    for low, high in (("budget_from", "budget_to"), ("size_from", "size_to")):
        ends = getattr(wish, low), getattr(wish, high)
        if None not in ends and ends[0] > ends[1]:
            raise Invalid(fields={high: _("This is less than where it starts")})
    if wish.contact is not None and wish.contact.customer_id != wish.customer_id:
        raise Invalid(fields={"contact": _("Choose somebody of this customer")})
    try:
        wish.full_clean(exclude=["customer"])
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    wish.save()
    match_wishes(wishes=[wish.pk])


def _tell(actor: Actor, type_: str, wish: Wish, data: Mapping[str, Any] | None = None) -> None:
    record_activity(
        actor=actor, type=type_, subject=wish, anchors=[wish.customer, wish.contact],
        data={"name": wish.name, **(data or {})},
    )  # fmt: skip
