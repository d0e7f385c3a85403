"""Who sees which tickets."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from crm.core import names
from crm.core.actor import Actor, ActorKind, Scope
from crm.core.containing import containing
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet, ScopedQuerySet, SeenWithQuerySet
from customers.querysets import seen_by_contact

from .choices import ACTIVE, UNRESOLVED, Audience


class TicketQuerySet(ScopedQuerySet):
    """Tickets by assignee, team and the team's department; whoever holds a ticket reads its parts too.

    A contact sees their own, or the whole company's where staff said so, and never a part.
    """

    module = "tickets"
    owner_columns = ("assignee_id", "created_by_id")
    team_column = "team_id"

    def visible_to_contact(self, actor: Actor) -> Self:
        return self.filter(seen_by_contact(actor), parent__isnull=True)

    def in_portal(self, actor: Actor) -> Self:
        """What a signed-in contact is shown: what staff opened, and what came from an address that its person proved.

        Somebody may type another's number or address into the public form beside their own. Without this they would
        read, with their own address, what that person writes later.
        """
        from customers.models import Identity

        proved = Identity.objects.filter(contact=OuterRef("contact"), verified_at__isnull=False).order_by()
        by_mail = Exists(proved.filter(kind="email", value=OuterRef("reply_email")))
        by_phone = Q(reply_email="") & Q(Exists(proved.filter(kind="phone", value=OuterRef("reply_phone"))))
        return self.visible_to(actor).filter(Q(created_by_id__isnull=False) | Q(by_mail) | by_phone)

    def scope_terms(self, actor: Actor, scope: Scope) -> Q:
        terms = super().scope_terms(actor, scope)
        return terms | Q(parent_assignee_id=actor.id) if scope >= Scope.OWN and actor.id is not None else terms

    def workable_by(self, actor: Actor) -> Self:
        """What the actor may change: what they see, but for the parts that they only read and note on."""
        rows = self.visible_to(actor)
        if actor.kind == ActorKind.CONTACT or actor.scope("tickets") == Scope.ALL:
            return rows
        return rows.filter(super().scope_terms(actor.effective, actor.scope("tickets")))

    def whole(self) -> Self:
        """Requests as customers know them, without the parts that departments do for each other."""
        return self.filter(parent__isnull=True)

    def counted(self) -> Self:
        """Requests as figures count them: no parts, and none that was merged into another."""
        return self.whole().filter(merged_into__isnull=True)

    def visible_in_outline(self, actor: Actor) -> Self:
        """Tickets of customers the actor may see: number, subject and status, for the customer page."""
        from customers.models import Customer

        if actor.can("tickets.view") and actor.scope("tickets") == Scope.ALL:
            return self
        if not actor.can("customers.view"):
            return self.visible_to(actor)
        own = self.scope_terms(actor.effective, actor.scope("tickets")) if actor.can("tickets.view") else Q(pk__in=[])
        seen = Customer.objects.visible_to(actor).filter(pk=OuterRef("customer"))
        return self.filter(own | Q(Exists(seen)))  # IN would read every customer for a handful of tickets

    def unresolved(self) -> Self:
        return self.filter(status__category__in=UNRESOLVED)

    def in_my_teams(self, actor: Actor) -> Self:
        """Those of the actor's teams; who is in no team (an owner, an auditor) keeps all they may see."""
        return self.filter(team__in=actor.grants.team_ids) if actor.grants.team_ids else self

    def active(self) -> Self:
        """Those where the ball is ours."""
        return self.filter(status__category__in=ACTIVE)

    def open_at(self, moment: dt.datetime) -> Self:
        """Those that were created before a moment and, as they are now, neither resolved nor closed by then."""
        unsolved = Q(resolved_at__isnull=True) & (Q(closed_at__isnull=True) | Q(closed_at__gte=moment))
        return self.filter(Q(resolved_at__gte=moment) | unsolved, created_at__lt=moment)

    def matching(self, text: str) -> Self:
        """By number, subject, an answer such as an order number, or the customer's name in any script."""
        from customers.models import Customer

        text = text.strip()
        digits = text.lstrip("#").strip()
        if digits.isdecimal() and len(digits) < 18:
            return self.filter(number=int(digits))
        named = containing("search_key", names.fold(text))
        customers = Customer.objects.filter(named).order_by().values("pk")
        return self.filter(named | Q(customer__pk__any_of=ArraySubquery(customers)))


class RequestQuerySet(TicketQuerySet):
    """What a colleague asked other departments for."""

    def visible_to(self, actor: Actor) -> Self:
        from customers.models import Contact

        if actor.user_id is None:
            return self if actor.sees_all else self.none()
        return self.whole().filter(contact__in=Contact.objects.filter(user_id=actor.user_id))


class OfTicketQuerySet(SeenWithQuerySet):
    """Rows that belong to a ticket and are seen with it."""

    seen_with = "ticket"


class SharedRowsQuerySet(BaseQuerySet):
    """Rows of one user, of a team, or of everybody (`user`, `team`); those who set up the desk see all but private."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.is_staff or not (actor.can("tickets.reply") or actor.can("tickets.manage")):
            return self.none()
        if actor.can("tickets.manage"):
            return self.filter(Q(user_id=actor.user_id) | Q(user__isnull=True))
        return self.filter(self._mine(actor))

    def offered(self, actor: Actor, team_id: int) -> Self:
        """The active ones for a ticket of that team: one's own, those of one's teams and its team, everybody's."""
        return self.visible_to(actor).filter(self._mine(actor) | Q(team_id=team_id), is_active=True)

    @staticmethod
    def _mine(actor: Actor) -> Q:
        everybody = Q(user__isnull=True, team__isnull=True)
        return Q(user_id=actor.user_id) | Q(team_id__in=actor.grants.team_ids) | everybody


class CannedReplyQuerySet(SharedRowsQuerySet):
    """Canned replies."""

    def matching(self, text: str) -> Self:
        """By shortcut or name, in any language, pinyin included."""
        folded = names.fold(text)
        return self.filter(search_key__contains=folded) if folded else self

    def for_type(self, request_type_id: int) -> Self:
        """Those of that request type first, then those of none; those of other types are left out."""
        tied = self.model.request_types.through.objects.filter(cannedreply=OuterRef("pk"))
        of_type = Exists(tied.filter(requesttype=request_type_id))
        return self.filter(of_type | ~Exists(tied)).order_by(of_type.desc(), "order", "pk")


class RequestTypeQuerySet(CatalogueQuerySet):
    """What can be asked for."""

    def usable(self) -> Self:
        """Those that can be chosen at all: switched on, with a team that works."""
        return self.filter(is_active=True, team__is_active=True)

    def offered_to(self, audience: str) -> Self:
        """What that audience may ask for, in order; a recognised customer may also ask what everybody may."""
        wanted = [Audience.CUSTOMERS, Audience.PUBLIC] if audience == Audience.CUSTOMERS else [audience]
        return self.usable().filter(audiences__overlap=wanted)
