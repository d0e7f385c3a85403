"""Who sees which customers."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from crm.core import names
from crm.core.actor import Actor, ActorKind, Scope
from crm.core.querysets import BaseQuerySet, ScopedQuerySet


class CustomerQuerySet(ScopedQuerySet):
    """Customers by owner, collaborators and department."""

    module = "customers"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def scope_terms(self, actor: Actor, scope: Scope) -> Q:
        """Whoever works with a customer sees it, whatever the department."""
        from .models import Collaborator

        terms = super().scope_terms(actor, scope)
        if scope == Scope.NONE or actor.id is None:
            return terms
        mine = Collaborator.objects.filter(user_id=actor.id).order_by().values("customer_id")
        return terms | Q(pk__any_of=ArraySubquery(mine))

    def matching(self, text: str, *, pieces: bool = False) -> Self:
        """By name, pinyin, initials, number, or a person's address: whole, or a piece for who may see addresses."""
        from .models import Identity

        text = text.strip()
        identities = Identity.objects.filter(contact__customer=OuterRef("pk")).holding(text, pieces=pieces)
        terms = Q(search_key__contains=names.fold(text)) | Exists(identities)
        digits = text.lstrip("cC-").strip()
        if digits.isdecimal() and len(digits) < 18:
            terms |= Q(number=int(digits))
        return self.filter(terms)


class ContactQuerySet(BaseQuerySet):
    """People are seen with their customer; a contact sees only itself."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Customer

        if actor.kind == ActorKind.CONTACT:
            return self.filter(pk=actor.id)
        if actor.is_system and actor.on_behalf_of is None:
            return self
        return self.filter(customer__in=Customer.objects.visible_to(actor))

    def matching(self, text: str, *, pieces: bool = False) -> Self:
        """By name, pinyin, initials, or an address: whole, or a piece for who may see addresses."""
        from .models import Identity

        found = Identity.objects.filter(contact=OuterRef("pk")).holding(text, pieces=pieces)
        return self.filter(Q(search_key__contains=names.fold(text)) | Exists(found))


class IdentityQuerySet(BaseQuerySet):
    """Mail addresses and phone numbers, seen with their contact."""

    def holding(self, text: str, *, pieces: bool) -> Self:
        """Those that are the text or, with `pieces`, hold it: nobody guesses a masked address letter by letter."""
        text = text.strip().lower()
        return self.filter(value__contains=text) if pieces else self.filter(value=text)

    def visible_to(self, actor: Actor) -> Self:
        from .models import Contact

        return self.filter(contact__in=Contact.objects.visible_to(actor))


class OfCustomerQuerySet(BaseQuerySet):
    """Rows that belong to a customer and are seen with it."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Customer

        if actor.is_system and actor.on_behalf_of is None:
            return self
        return self.filter(customer__in=Customer.objects.visible_to(actor))
