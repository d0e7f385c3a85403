"""What an accepted quote becomes: a contract, an order of its goods, or both."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.fields.records import answers_for
from customers.actions import link_records
from customers.actions.orders import place_order
from customers.choices import ProductKind
from customers.models import Order

from ..choices.contracts import ContractState
from ..choices.quotes import QuoteState
from ..exceptions.contracts import QuoteHasContract, QuoteNotAccepted
from ..models import Contract, Quote
from .contracts import create_contract, tell
from .quotes import line_of
from .quotes import locked as locked_quote

#: The shop's name of orders that come from quotes; with the quote's number it makes each order once.
SOURCE = "quote"


@action(permission="contracts.create")
def contract_of_quote(*, actor: Actor, quote: Quote) -> Contract:
    """A draft with the lines, terms and people of an accepted quote, and the answers that contracts ask for too.

    Asking again gives the contract that exists. Raises `QuoteNotAccepted`, `QuoteHasContract` where the existing one is
    not in the actor's set, `NotFound`.
    """
    row = _accepted(actor, quote)
    known = Contract.objects.filter(quote=row).exclude(state=ContractState.CANCELLED).first()
    if known is not None:
        if not Contract.objects.visible_to(actor).filter(pk=known.pk).exists():
            raise QuoteHasContract
        return known
    values = {
        "name": row.name, "contact": row.contact, "opportunity": row.opportunity, "language": row.language,
        "currency": row.currency, "tax_included": row.tax_included, "terms": row.terms,
        **answers_for("contract", row),
    }  # fmt: skip
    lines = [line_of(line) for line in row.lines.select_related("product")]
    made = create_contract(actor=actor, customer=row.customer, values=values, lines=lines)
    made.quote = row
    made.owner, made.department = row.owner or made.owner, row.department or made.department
    made.save(update_fields=["quote", "owner", "department"])
    tell(actor, "contracts.from_quote", made, {"quote": row.label})
    return made


@action(permission="orders.manage")
def order_of_quote(*, actor: Actor, quote: Quote) -> Order:
    """An order of everything on an accepted quote that is no service. Asking again gives the first order.

    Raises `QuoteNotAccepted`, `NotReady` when there is nothing to deliver, `NotFound`.
    """
    row = _accepted(actor, quote)
    lines = [line for line in row.lines.select_related("product") if _is_goods(line)]
    if not lines:
        raise NotReady(_("Everything on this quote is a service. There is nothing to order."))
    known = Order.objects.filter(source=SOURCE, external_id=row.label, brand=row.brand_id).first()
    if known is not None:
        return known
    order = place_order(
        actor=actor, customer=row.customer, lines=[line_of(line) for line in lines], source=SOURCE,
        external_id=row.label,
        values={"contact": row.contact, "currency": row.currency, "tax_included": row.tax_included},
    )  # fmt: skip
    link_records(actor=actor, customer=row.customer, source=row, target=order)
    return order


def _accepted(actor: Actor, quote: Quote) -> Quote:
    row = locked_quote(actor, quote)
    if row.state != QuoteState.ACCEPTED:
        raise QuoteNotAccepted
    return row


def _is_goods(line: object) -> bool:
    product = getattr(line, "product", None)
    return product is None or product.kind != ProductKind.SERVICE
