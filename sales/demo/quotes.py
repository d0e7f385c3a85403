"""The demo's quotes: thirty in every state, two waiting for approval."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor, ActorKind, Grants, Scope
from crm.core.demo import DemoContext, token
from crm.core.sockets import permissions
from customers.actions import NewLine
from customers.models import Customer, Product

from ..actions.quotes import create_quote, new_version, submit_quote
from ..choices.quotes import QuoteState
from ..models import Quote, QuoteCounter
from ..quoting.snapshot import hash_of

#: What becomes of the quotes, in this order again and again.
FATES = (
    "sent", "accepted", "draft", "accepted", "sent", "rejected", "accepted", "approved", "sent", "expired",
    "in_approval", "accepted", "versioned", "draft", "void",
)  # fmt: skip
COUNT = 30
TITLES = {
    "en": ("Label stations, building C", "Spare heads for the warehouse", "Scanners for the cold store",
           "Yearly maintenance", "Printers for the new line"),
    "zh-hans": ("C 栋标签打印工位", "仓库备用打印头", "冷库扫描设备", "年度维保服务", "新产线打印设备"),
}  # fmt: skip
TERMS = {
    "en": "Payment within 30 days. Delivery within three weeks of the order.",
    "zh-hans": "款项于 30 日内付清。下单后三周内交货。",
}
REASONS = {"en": "Another supplier was cheaper.", "zh-hans": "其他供应商价格更低。"}
VOIDED = {"en": "Sent to the wrong branch.", "zh-hans": "误发给了其他分公司。"}


def make_quotes(context: DemoContext) -> None:
    """Quotes for the first customers that sales people own."""
    rng, products = context.rng("quotes"), list(Product.objects.active().order_by("pk")[:12])
    owned = Customer.objects.filter(owner__isnull=False).select_related("owner", "brand").order_by("pk")
    customers = list(owned[:COUNT])
    if not products or not customers:
        return
    for place in range(COUNT):
        customer, fate = customers[place % len(customers)], FATES[place % len(FATES)]
        moment = context.now - dt.timedelta(days=COUNT - place, hours=rng.randint(1, 8))
        with clock.at(moment):
            _make(customer, fate, products, rng, place)


def _make(customer: Customer, fate: str, products: list[Any], rng: Random, place: int) -> None:
    owner = customer.owner
    if owner is None:
        return
    actor, language = staff_of(owner), customer.language or customer.brand.language
    discount = Decimal(20) if fate == "in_approval" else Decimal(rng.choice((0, 0, 5, 8, 12)))
    lines = [
        NewLine(Decimal(rng.randint(1, 4)), product.price, product, "", discount, product.tax_percent)
        for product in rng.sample(products, min(3, len(products)))
    ]
    words = "zh-hans" if language.startswith("zh") else "en"
    values = {"name": TITLES[words][place % 5], "terms": TERMS[words], "language": language}
    contact = customer.contacts.order_by("-is_primary", "pk").first()
    quote = create_quote(actor=actor, customer=customer, values={**values, "contact": contact}, lines=lines)
    quote.token = token(rng)
    quote.save(update_fields=["token"])
    if fate == "draft":
        return
    if fate == "in_approval":
        submit_quote(actor=actor, quote=quote, reason="An old customer who buys every year")
        return
    quote.state = QuoteState.APPROVED
    if fate != "approved":
        _send(quote, fate, words)
    quote.save()
    if fate == "versioned":
        draft = new_version(actor=actor, quote=quote)
        draft.token = token(rng)
        draft.save(update_fields=["token"])


def _send(quote: Quote, fate: str, words: str) -> None:
    """Numbered and sent, without a mail, and what the customer made of it."""
    now = clock.now()
    counter, _created = QuoteCounter.objects.get_or_create(brand=quote.brand, year=now.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    quote.year, quote.number, quote.sent_at = now.year, counter.last, now
    quote.state, quote.content_hash, quote.opened_count = QuoteState.SENT, hash_of(quote), 2
    quote.last_opened_at = now + dt.timedelta(hours=3)
    name = quote.contact.name if quote.contact else quote.customer.name
    if fate == "accepted":
        quote.state, quote.decided_hash = QuoteState.ACCEPTED, quote.content_hash
        quote.decided_at, quote.decided_by_name = now + dt.timedelta(hours=5), name
        quote.decided_from = "192.0.2.10"
    elif fate == "rejected":
        quote.state, quote.decided_at = QuoteState.REJECTED, now + dt.timedelta(hours=5)
        quote.decided_by_name, quote.reason = name, REASONS[words]
    elif fate == "expired":
        quote.state, quote.valid_until = QuoteState.EXPIRED, now.date() + dt.timedelta(days=5)
    elif fate == "void":
        quote.state, quote.reason = QuoteState.VOID, VOIDED[words]


def staff_of(user: User) -> Actor:
    """The seller, free of what the demo's departments would hide."""
    grants = Grants(permissions.names, {module.key: Scope.ALL for module in permissions})
    return Actor(ActorKind.STAFF, user.pk, user.name, grants)
