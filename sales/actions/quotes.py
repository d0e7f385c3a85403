"""Making, changing, submitting, sending and ending quotes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.approvals.actions import covers, request_approval, void_approval
from crm.approvals.models import Approval
from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers, told
from crm.jobs import idempotency
from customers.actions.orders import NewLine
from customers.models import Customer

from ..choices.quotes import QuoteState
from ..exceptions.quotes import ChangedMeanwhile, NoLines, QuoteInApproval, QuoteIsFixed
from ..models import Opportunity, Quote, QuoteLine
from ..selectors.prices import ListPrice
from .lines import check_lines, list_prices, stored_price

#: A quote holds for this many days unless somebody says otherwise.
USUAL_DAYS = 30
FACTS = ("name", "contact", "opportunity", "language", "currency", "tax_included", "valid_until", "terms")


@action(permission="quotes.create")
def create_quote(
    *,
    actor: Actor,
    customer: Customer,
    values: Mapping[str, Any] | None = None,
    lines: Sequence[NewLine] = (),
    form_key: str = "",
) -> Quote:
    """A draft for a customer, owned by its author. values: any of `FACTS` and answers to custom fields.

    From an opportunity its lines are taken. The same form_key gives the first row again. Raises `Invalid` with
    `fields`, `NotFound` for a customer or opportunity outside the actor's set, `Conflict` for a form_key with other
    content.
    """
    owner = Customer.objects.visible_to(actor).filter(pk=customer.pk).select_related("brand").first()
    if owner is None:
        raise NotFound
    who, route = f"{actor.kind}:{actor.id}", "quotes.create"
    sent = {"customer": owner.pk, "values": str(dict(values or {})), "lines": str(list(lines))}
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Quote.objects.get(pk=earlier.answer["quote"])
    facts = dict(values or {})
    quote = Quote(customer=owner, brand=owner.brand, currency=owner.brand.currency, name=owner.name)
    quote.language = owner.language or owner.brand.language
    quote.valid_until = usual_end()
    user = _author(actor)
    quote.owner, quote.department_id = user, user.department_id if user else None
    deal: Opportunity | None = facts.get("opportunity")
    if deal is not None and not facts.get("name"):
        facts["name"] = deal.name
    if deal is not None and not lines:
        lines = [line_of(line) for line in deal.lines.select_related("product")]
        facts = {"currency": deal.currency, "tax_included": deal.tax_included, **facts}
    _fill(actor, quote, facts)
    quote.save()
    _store_lines(actor, quote, lines)
    tell(actor, "quotes.created", quote)
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"quote": quote.pk})
    return quote


@action(permission="quotes.update")
def save_quote(
    *,
    actor: Actor,
    quote: Quote,
    values: Mapping[str, Any],
    lines: Sequence[NewLine] | None = None,
    seen: dt.datetime | None = None,
) -> Quote:
    """Changes a draft, or one that is ready to send, which is a draft again then and loses its approval.

    seen: `updated_at` as its editor saw it. Raises `ChangedMeanwhile`, `QuoteInApproval`, `QuoteIsFixed`, `Invalid`,
    `NotFound`.
    """
    row = locked(actor, quote)
    if row.state == QuoteState.IN_APPROVAL:
        raise QuoteInApproval
    if not row.is_editable:
        raise QuoteIsFixed
    if seen is not None and seen != row.updated_at:
        raise ChangedMeanwhile
    answered = _fill(actor, row, values)
    row.save()
    if lines is not None:
        _store_lines(actor, row, lines)
    if row.state == QuoteState.APPROVED and _approval_lost(actor, row):
        row.state = QuoteState.DRAFT
        row.save(update_fields=["state"])
    tell(actor, "quotes.updated", row, {"changes": answered} if answered else None)
    return row


@action(permission="quotes.update")
def submit_quote(*, actor: Actor, quote: Quote, reason: str = "") -> Quote:
    """Asks for approval where a flow says so; otherwise the quote is ready to send at once.

    Raises `NoLines`, `QuoteIsFixed`, `approvals.NoApprover`.
    """
    row = locked(actor, quote)
    if row.state != QuoteState.DRAFT:
        raise QuoteIsFixed
    if not row.lines.exists():
        raise NoLines
    if row.has_lapsed(clock.today()):
        raise Invalid(_("The last day of this quote has passed. Choose a later day first."))
    asked = request_approval(actor=actor, subject=row, reason=reason) if _needs_asking(row) else None
    row.state = QuoteState.IN_APPROVAL if asked else QuoteState.APPROVED
    row.save(update_fields=["state"])
    tell(actor, "quotes.submitted" if asked else "quotes.ready", row)
    return row


@action(permission="quotes.create")
def new_version(*, actor: Actor, quote: Quote) -> Quote:
    """A draft with the same lines and answers that replaces a sent quote once it is sent itself.

    Until then the old one holds. Asking again gives the draft that exists. Raises `QuoteIsFixed` for one never sent,
    accepted or replaced.
    """
    row = locked(actor, quote)
    draft: Quote | None = row.successors.exclude(state=QuoteState.VOID).first()
    if draft is not None:
        return draft
    if row.number is None or row.state not in (QuoteState.SENT, QuoteState.REJECTED, QuoteState.EXPIRED):
        raise QuoteIsFixed(_("Only a quote that was sent and not accepted can have a new version."))
    facts = {name: getattr(row, name) for name in FACTS if name != "valid_until"}
    last = Quote.objects.filter(brand=row.brand, year=row.year, number=row.number).order_by("-version")[0]
    draft = Quote(
        customer=row.customer, brand=row.brand, owner=row.owner, department=row.department, supersedes=row,
        year=row.year, number=row.number, version=last.version + 1, conversation=row.conversation,
        valid_until=usual_end(), custom=row.custom, **facts,
    )  # fmt: skip
    draft.save()
    _store_lines(actor, draft, [line_of(line) for line in row.lines.select_related("product")])
    tell(actor, "quotes.versioned", draft)
    return draft


@action(permission="quotes.void")
def void_quote(*, actor: Actor, quote: Quote, reason: str) -> Quote:
    """Takes a quote out of the world, with a reason; its number stays used. Raises `Invalid`, `QuoteIsFixed`."""
    text = clean_line(reason, 400)
    if not text:
        raise Invalid(fields={"reason": _("Say why it is void")})
    row = locked(actor, quote)
    if row.state in (QuoteState.ACCEPTED, QuoteState.VOID):
        raise QuoteIsFixed(_("An accepted quote stays. Cancel what followed from it instead."))
    if row.state == QuoteState.IN_APPROVAL:
        raise QuoteInApproval
    row.state, row.reason = QuoteState.VOID, text
    row.save(update_fields=["state", "reason"])
    tell(actor, "quotes.voided", row, {"text": text})
    return row


def locked(actor: Actor, quote: Quote) -> Quote:
    """The quote, fresh and locked, out of the actor's set. Raises `NotFound`."""
    rows = Quote.objects.visible_to(actor).lock().select_related("customer", "contact", "brand")
    row: Quote | None = rows.filter(pk=quote.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(actor: Actor, type: str, quote: Quote, data: Mapping[str, Any] | None = None) -> None:
    """Writes the deed on the quote, its customer, contact and opportunity."""
    facts = {"number": quote.label, "name": quote.name, "amount": quote.total_text, "owner_id": quote.owner_id}
    anchors = [quote.customer, quote.contact, quote.opportunity]
    record(actor=actor, type=type, subject=quote, anchors=anchors, data={**facts, **(data or {})})


def _author(actor: Actor) -> Any:
    return User.objects.filter(pk=actor.effective.user_id or 0).first()


def _fill(actor: Actor, quote: Quote, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets checked values and answers; returns [before, after] of each answer. Raises `Invalid` with `fields`."""
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if set(facts) - set(FACTS):
        raise Invalid(fields={name: _("This field cannot be set") for name in set(facts) - set(FACTS)})
    for name, value in facts.items():
        setattr(quote, name, value)
    quote.name, quote.terms = clean_line(quote.name, 200), clean_text(quote.terms, 8000)
    wrong: dict[str, object] = {}
    if not quote.name:
        wrong["name"] = _("Say what the quote is about")
    if quote.currency not in money.SIGNS:
        wrong["currency"] = _("Choose a currency")
    if quote.contact is not None and quote.contact.customer_id != quote.customer_id:
        wrong["contact"] = _("Choose a contact of this customer")
    if quote.opportunity is not None and quote.opportunity.customer_id != quote.customer_id:
        wrong["opportunity"] = _("Choose an opportunity of this customer")
    if wrong:
        raise Invalid(fields=wrong)
    return told(store_answers(quote, custom_values(values)))


def amounts_of(lines: Sequence[NewLine], *, currency: str, tax_included: bool) -> list[money.Line]:
    """What each line costs, in their order."""
    return [
        money.line_of(
            quantity=line.quantity, unit_price=line.unit_price, currency=currency,
            discount_percent=line.discount_percent, tax_percent=line.tax_percent, tax_included=tax_included,
        )
        for line in lines
    ]  # fmt: skip


def _store_lines(actor: Actor, quote: Quote, lines: Sequence[NewLine]) -> None:
    """Replaces the lines of a locked quote, and its totals. Raises `Invalid` naming the line."""
    check_lines(lines)
    amounts = amounts_of(lines, currency=quote.currency, tax_included=quote.tax_included)
    listed = list_prices(quote, lines)
    _require_list_prices(actor, lines, listed)
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote, position=place, product=line.product, quantity=line.quantity, unit_price=line.unit_price,
            name=clean_line(line.name, 160) or (line.product.name.in_language(quote.language) if line.product else ""),
            discount_percent=line.discount_percent, tax_percent=line.tax_percent,
            net=amount.net, tax=amount.tax, gross=amount.gross, **stored_price(known),
        )
        for place, (line, amount, known) in enumerate(zip(lines, amounts, listed, strict=True))
    )  # fmt: skip
    total = money.total_of(amounts)
    quote.net, quote.tax, quote.gross = total.net, total.tax, total.gross
    quote.top_discount = max(
        (
            known.discount(line.unit_price, line.discount_percent) if known else line.discount_percent
            for line, known in zip(lines, listed, strict=True)
        ),
        default=Decimal(0),
    )
    quote.save(update_fields=["net", "tax", "gross", "top_discount"])


def _require_list_prices(actor: Actor, lines: Sequence[NewLine], listed: Sequence[ListPrice | None]) -> None:
    """Without the right to enter other prices a product costs what the list says. Raises `Invalid` naming the line."""
    if actor.can("quotes.reprice"):
        return
    for place, (line, known) in enumerate(zip(lines, listed, strict=True), start=1):
        if known is not None and line.unit_price != known.price:
            text = _("Line %(place)s: the list price is %(price)s. You may give a discount, but not another price.")
            raise Invalid(fields={"lines": text % {"place": place, "price": known.text}})


def line_of(line: Any) -> NewLine:
    """A stored line of an offer as it is entered anew."""
    return NewLine(line.quantity, line.unit_price, line.product, line.name, line.discount_percent, line.tax_percent)


def _approval_lost(actor: Actor, quote: Quote) -> bool:
    """Whether the change made another quote of it than the one that was ready to send."""
    void_approval(actor=actor, subject=quote)
    return not Approval.objects.on(quote).filter(state="approved").exists()


def _needs_asking(quote: Quote) -> bool:
    """Not when it was approved just so before."""
    return not any(covers(row, quote) for row in Approval.objects.on(quote).filter(state="approved"))


@action(permission="quotes.update", leaves_scope=True)
def hand_over(*, actor: Actor, quote: Quote, to: User) -> Quote:
    """Another colleague owns the quote. Raises `Invalid` for somebody who left, `NotFound`."""
    row = locked(actor, quote)
    if not to.is_active:
        raise Invalid(_("Choose a colleague who still works here"))
    row.owner, row.department_id = to, to.department_id
    row.save(update_fields=["owner", "department"])
    tell(actor, "quotes.handed_over", row, {"to": to.name})
    return row


def usual_end() -> dt.date:
    """The last day of a quote that is made today."""
    return clock.today() + dt.timedelta(days=USUAL_DAYS)
