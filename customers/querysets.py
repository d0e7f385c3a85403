"""Who sees which customers."""

from __future__ import annotations

from typing import Self

from django.db.models import Exists, OuterRef, Q

from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.querysets import BaseQuerySet, ScopedQuerySet


class CustomerQuerySet(ScopedQuerySet):
    """Customers by owner and department."""

    module = "customers"
    owner_columns = ("owner_id",)
    department_column = "department_id"

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
