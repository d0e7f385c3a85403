"""Who sees what is due and what was paid, and how the two are narrowed."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q

from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.containing import containing
from crm.core.querysets import BaseQuerySet, SeenWithQuerySet

from ..choices.contracts import OWING
from .contracts import OfContractQuerySet


class _MoneyQuerySet(OfContractQuerySet):
    """Seen with the contract by whoever may see payments."""

    def visible_to(self, actor: Actor) -> Self:
        if not (actor.kind == ActorKind.CONTACT or actor.can("payments.view")):
            return self.none()
        return super().visible_to(actor)

    def of_customers_named(self, text: str) -> Q:
        """Rows whose contract or customer is named so."""
        from customers.models import Customer

        from ..models import Contract

        contracts = Contract.objects.matching(text).order_by().values("pk")
        customers = Customer.objects.filter(search_key__contains=names.fold(text)).order_by().values("pk")
        return Q(contract_id__any_of=ArraySubquery(contracts)) | Q(
            contract__customer_id__any_of=ArraySubquery(customers)
        )


class InstalmentQuerySet(_MoneyQuerySet):
    """Instalments. "Owed" are those of a signed contract that was not cancelled."""

    def owed(self) -> Self:
        return self.filter(contract__state__in=OWING, contract__deleted_at__isnull=True)

    def open(self) -> Self:
        """Owed and not paid in full."""
        return self.owed().filter(paid__lt=F("amount"))

    def overdue(self, today: dt.date) -> Self:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def matching(self, text: str) -> Self:
        """By contract or customer."""
        return self.filter(self.of_customers_named(text.strip()))


class PaymentQuerySet(_MoneyQuerySet):
    """What was received, and what was given back."""

    def received(self) -> Self:
        return self.filter(kind="received")

    def with_credit(self) -> Self:
        """Payments of which something pays no instalment yet."""
        return self.received().filter(credit__gt=0)

    def matching(self, text: str) -> Self:
        """By reference, number, contract or customer."""
        text = text.strip()
        terms = self.of_customers_named(text) | containing("search_key", names.fold(text))
        digits = text.rpartition("-")[2]
        if digits.isdecimal() and len(digits) < 9:
            terms |= Q(number=int(digits))
        return self.filter(terms)


class OfPaymentQuerySet(SeenWithQuerySet):
    """Rows seen with their payment."""

    seen_with = "payment"


class ReminderQuerySet(BaseQuerySet):
    """Reminders, seen with their instalment."""

    def visible_to(self, actor: Actor) -> Self:
        from ..models import Instalment

        if actor.sees_all:
            return self
        return self.filter(instalment__in=Instalment.objects.visible_to(actor))
