"""Who sees which customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import IsNull

from crm.core import names
from crm.core.actor import Actor, ActorKind, Scope
from crm.core.containing import containing
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet, ScopedQuerySet, SeenWithQuerySet

from .choices import PAID_AT_ONCE, UNPAID

_MONEY = DecimalField(max_digits=16, decimal_places=2)


#: Addresses up to which a search writes out whose they are, and letters of one that are a piece of it.
_FEW, _PIECE = 5000, 3


def seen_by_contact(actor: Actor) -> Q:
    """The condition for rows with `customer` and `contact` that a contact may see in the portal.

    Their own; those of a private person that name nobody; all of the customer for who may see the company's.
    """
    from .models import Contact

    me = Contact.objects.filter(pk=actor.id).order_by()
    whole = me.filter(portal_access__reach="company").values("customer")
    alone = me.filter(customer__kind="person").values("customer")
    return Q(contact_id=actor.id) | Q(customer__in=whole) | Q(contact__isnull=True, customer__in=alone)


def _reached_by(text: str, pieces: bool) -> Q:
    """The condition for customers of whose people an address is the text or holds it. At most two queries.

    While they are few their ids are written out: PostgreSQL finds these by the key and hashes them where it walks a
    sort's index instead, but goes through an array from a subquery element by element for each row. Of many it looks
    customer by customer, since any stretch of the walk holds some.
    """
    from .models import Contact, Identity

    held = Identity.objects.holding(text, pieces=pieces).order_by()
    people = list(held.values_list("contact_id", flat=True)[: _FEW + 1])
    if len(people) <= _FEW:
        ids = Contact.objects.filter(pk__in=people).order_by().values_list("customer_id", flat=True) if people else ()
        return Q(pk__in=list(ids))
    of_customer = held.filter(contact__customer=OuterRef("pk"), contact__deleted_at__isnull=True)
    return Q(IsNull(Subquery(of_customer.values("pk")[:1]), False))  # EXISTS would be answered for everybody first


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

    def external(self) -> Self:
        """Those that the company serves: its own company, whose people are colleagues, left out."""
        return self.filter(is_internal=False)

    def matching(self, text: str, *, pieces: bool = False) -> Self:
        """By name, pinyin, initials, number, or a person's address: whole, or a piece for who may see addresses.

        Asks at once whose addresses hold the text.
        """
        text = text.strip()
        terms = containing("search_key", names.fold(text)) | _reached_by(text, pieces)
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
        if actor.sees_all:
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
        """Those that are the text or, with `pieces`, hold it: nobody guesses a masked address letter by letter.

        One or two letters are no piece: they stand in most addresses, and no index knows them.
        """
        text = text.strip().lower()
        return self.filter(value__contains=text) if pieces and len(text) >= _PIECE else self.filter(value=text)

    def visible_to(self, actor: Actor) -> Self:
        from .models import Contact

        return self.filter(contact__in=Contact.objects.visible_to(actor))


class OfCustomerQuerySet(SeenWithQuerySet):
    """Rows that belong to a customer and are seen with it."""

    seen_with = "customer"


class ProductQuerySet(CatalogueQuerySet):
    """What is sold: every member of staff may read it."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def matching(self, text: str) -> Self:
        """By code or name in any language, pinyin included."""
        return self.filter(search_key__contains=names.fold(text))


class OrderQuerySet(BaseQuerySet):
    """Orders are seen with their customer, by those who may see orders; a contact sees what `seen_by_contact` says."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Customer

        if actor.kind == ActorKind.CONTACT:
            return self.filter(seen_by_contact(actor))
        if actor.sees_all:
            return self
        if not actor.can("orders.view"):
            return self.none()
        if actor.scope("customers") == Scope.ALL and actor.can("customers.view"):
            return self
        return self.filter(customer__in=Customer.objects.visible_to(actor))

    def matching(self, text: str) -> Self:
        """By number, the shop's number, a parcel number, or the customer's name in any script."""
        from .models import Customer, Shipment

        text = text.strip()
        digits = text.upper().removeprefix("SO-")
        own = Q(number=int(digits)) if digits.isdecimal() and len(digits) < 18 else Q(pk__in=[])
        parcels = Shipment.objects.filter(parcel_number=text).values("order")
        customers = Customer.objects.filter(search_key__contains=names.fold(text)).values("pk")
        return self.filter(own | Q(external_id=text) | Q(pk__in=parcels) | Q(customer__in=customers))

    def counting(self) -> Self:
        """Those that count as purchases."""
        return self.exclude(status="cancelled")

    def with_due(self) -> Self:
        """Rows know what is still to be paid as `due_now`, in their own currency; nothing where paid or cancelled.

        While nobody said what was paid, orders of staff count in full until they are paid or delivered.
        """
        unsaid = Q(paid__isnull=True) & ~(Q(status__in=UNPAID) & ~Q(channel__in=PAID_AT_ONCE))
        open_sum = F("gross") - F("refunded") - Coalesce(F("paid"), Decimal(0))
        none = Value(Decimal(0), _MONEY)
        return self.annotate(
            due_now=Case(When(Q(status="cancelled") | unsaid, then=none), default=Greatest(open_sum, none),
                     output_field=_MONEY)
        )  # fmt: skip

    def by_payment(self, state: str) -> Self:
        """Those of a `PaymentState`."""
        rows = self.with_due().counting()
        if state == "paid":
            return rows.filter(due_now=0)
        part = Q(paid__gt=0)
        return rows.filter(part if state == "part" else ~part | Q(paid__isnull=True), due_now__gt=0)


class OfOrderQuerySet(SeenWithQuerySet):
    """Rows that belong to an order and are seen with it."""

    seen_with = "order"


class EquipmentQuerySet(OfCustomerQuerySet):
    """Devices, seen with their customer by those who may see orders; a contact sees those at their customer."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Contact

        if actor.kind == ActorKind.CONTACT:
            return self.filter(customer__in=Contact.objects.filter(pk=actor.id).order_by().values("customer"))
        rows = super().visible_to(actor)
        return rows if actor.can("orders.view") or not actor.is_staff else rows.none()

    def matching(self, text: str) -> Self:
        """By serial number or name."""
        return self.filter(Q(serial_number__iexact=text.strip()) | Q(search_key__contains=names.fold(text)))


class SegmentQuerySet(BaseQuerySet):
    """Segments: one's own, those of one's teams and everybody's."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.can("segments.view"):
            return self.none()
        reader = actor.effective
        own = Q(owner_id=reader.user_id) if reader.user_id is not None else Q(pk__in=[])
        return self.filter(own | Q(audience="everybody") | Q(audience="team", team_id__in=reader.grants.team_ids))

    def dynamic(self) -> Self:
        """Those that a condition fills."""
        return self.filter(kind="dynamic")

    def followed(self) -> Self:
        """Those whose members are kept up to date: dynamic ones in which nothing stands in the way."""
        return self.dynamic().filter(failure="")

    def matching(self, text: str) -> Self:
        """By name in any script."""
        return self.filter(search_key__contains=names.fold(text))


class SegmentMemberQuerySet(BaseQuerySet):
    """Stays in segments, seen by who sees both the segment and the customer."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Customer, Segment

        if actor.sees_all:
            return self
        seen = Segment.objects.visible_to(actor).values("pk")
        return self.filter(segment__in=seen, customer__in=Customer.objects.visible_to(actor).values("pk"))

    def current(self) -> Self:
        """Those that last."""
        return self.filter(left_at__isnull=True)


class WishQuerySet(OfCustomerQuerySet):
    """What customers look for, seen with them."""

    def open(self) -> Self:
        """Still looked for, by customers who are there; their last day may have passed."""
        return self.filter(state="open", customer__deleted_at__isnull=True)

    def matching(self, text: str) -> Self:
        """By what is looked for, or the customer's name, in any script."""
        from .models import Customer

        key = names.fold(text.strip())
        customers = Customer.objects.filter(search_key__contains=key).order_by().values("pk")
        return self.filter(containing("search_key", key) | Q(customer__in=customers))


class OfferQuerySet(OfCustomerQuerySet):
    """Products to offer, seen with the customer by those who may see orders."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows if actor.can("orders.view") else rows.none()

    def standing(self) -> Self:
        """Those that nobody has turned down."""
        return self.filter(dismissed_at__isnull=True)


class WishMatchQuerySet(BaseQuerySet):
    """Products that fit, seen with the wish by those who may see what is bought."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Wish

        if actor.sees_all:
            return self
        rows = self.filter(wish__in=Wish.objects.visible_to(actor))
        return rows if actor.can("orders.view") else rows.none()
