"""Tasks for the owner of a customer, where the administrator asked for them: once each time something happens.

Looked for among what is new of the last `NEWS_DAYS`, so that switching a kind on does not make a task of everything
that ever was. The key of a task says what it is about, so that asking again makes no second one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.planner.actions import add_task

from ..choices import FlagTask, PairKind, RiskLevel
from ..models import Credit, Customer, CustomerFacts, LevelSettings, Offer, WishMatch
from .levels import level_settings
from .offering import reason_of

#: What is older than this is no news.
NEWS_DAYS = 14
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A task to be made. key: of the occurrence. title(): in the owner's language."""

    customer: Customer
    key: str
    title: Callable[[], str]
    notes: Callable[[], str] = str
    kind: str = "call"


def make_tasks(kinds: set[str] | None = None) -> int:
    """Makes the tasks of these kinds, of those that are switched on unless said. Returns how many were looked at."""
    settings = level_settings()
    wanted = set(settings.tasks) if kinds is None else kinds
    made = 0
    for kind, find in _FINDERS.items():
        if kind in wanted:
            for due in find():
                _make(due, settings)
                made += 1
    return made


def _make(due: Due, settings: LevelSettings) -> None:
    owner: User = due.customer.owner
    with transaction.atomic(), translation.override(owner.language or None):
        add_task(
            actor=Actor.system(), subject=due.customer, title=due.title()[:200], notes=due.notes(), assignee=owner,
            kind=due.kind, due_on=clock.today() + dt.timedelta(days=settings.task_days), source_key=due.key,
        )  # fmt: skip


def _since() -> dt.datetime:
    return clock.now() - dt.timedelta(days=NEWS_DAYS)


def _owned(path: str) -> Q:
    return Q(**{f"{path}deleted_at__isnull": True, f"{path}owner__is_active": True, f"{path}is_internal": False})


def _orders() -> Iterator[Due]:
    today = clock.now().date()
    span = (today - dt.timedelta(days=NEWS_DAYS), today - dt.timedelta(days=1))
    rows = CustomerFacts.objects.filter(_owned("customer__"), repurchase_due_on__range=span)
    for facts in rows.select_related("customer__owner").order_by("pk").iterator(_BATCH):
        yield Due(
            facts.customer, f"repurchase:{facts.last_order_at:%Y-%m-%d}",
            lambda name=facts.customer.name: _("Offer %(name)s what they usually order by now") % {"name": name},
        )  # fmt: skip


def _risks() -> Iterator[Due]:
    rows = CustomerFacts.objects.filter(_owned("customer__"), risk=RiskLevel.HIGH, risk_since__gte=_since())
    for facts in rows.select_related("customer__owner").order_by("pk").iterator(_BATCH):
        yield Due(
            facts.customer, f"risk:{facts.risk_since:%Y-%m-%d}",
            lambda name=facts.customer.name: _("%(name)s: the risk is high. Speak to them") % {"name": name},
        )  # fmt: skip


def _credits() -> Iterator[Due]:
    rows = Credit.objects.filter(_owned("customer__"), over_since__gte=_since())
    for credit in rows.select_related("customer__owner").order_by("pk").iterator(_BATCH):
        values = {"name": credit.customer.name, "used": credit.used_text, "limit": credit.limit_text}
        yield Due(
            credit.customer, f"credit:{credit.over_since:%Y-%m-%d}",
            lambda values=values: _("%(name)s: the credit limit is exceeded, %(used)s of %(limit)s") % values,
        )  # fmt: skip


def _wishes() -> Iterator[Due]:
    rows = WishMatch.objects.filter(_owned("wish__customer__"), found_at__gte=_since(), wish__state="open")
    for match in rows.select_related("wish__customer__owner", "product").order_by("pk").iterator(_BATCH):
        values = {"name": match.wish.customer.name, "product": match.product.name, "wish": match.wish.name}
        yield Due(
            match.wish.customer, f"wish:{match.wish_id}:{match.product_id}",
            lambda values=values: _("Show %(name)s %(product)s: it fits “%(wish)s”") % values,
        )  # fmt: skip


def _offers(kind: PairKind) -> Callable[[], Iterator[Due]]:
    def find() -> Iterator[Due]:
        rows = Offer.objects.standing().filter(_owned("customer__"), pair__kind=kind, bought_at__gte=_since())
        rows = rows.select_related("customer__owner", "product", "pair__bought")
        for offer in rows.order_by("pk").iterator(_BATCH):
            values = {"name": offer.customer.name, "product": offer.product.name}
            yield Due(
                offer.customer, f"offer:{offer.pair.bought_id}:{offer.product_id}",
                lambda values=values: _("Offer %(name)s %(product)s") % values,
                lambda offer=offer: reason_of(offer),
            )  # fmt: skip

    return find


_FINDERS: dict[str, Callable[[], Iterator[Due]]] = {
    FlagTask.REPURCHASE: _orders,
    FlagTask.RISK: _risks,
    FlagTask.CREDIT: _credits,
    FlagTask.WISH: _wishes,
    FlagTask.OFFER: _offers(PairKind.PAIR),
    FlagTask.STEP: _offers(PairKind.STEP),
}
