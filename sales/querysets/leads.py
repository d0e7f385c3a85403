"""Who sees which leads and pools."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from crm.core import names
from crm.core.actor import Actor, Scope
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet, ScopedQuerySet, SeenWithQuerySet

from ..choices.leads import OPEN
from .returning import COUNTED, due_moment, latest


class LeadQuerySet(ScopedQuerySet):
    """Leads by owner and department; one that nobody holds is seen by the members of its pool."""

    module = "leads"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def scope_terms(self, actor: Actor, scope: Scope) -> Q:
        """The pools of an actor open what lies in them; who sets up pools sees all that nobody holds."""
        from ..models import Pool

        terms = super().scope_terms(actor, scope)
        if scope == Scope.NONE or actor.id is None:
            return terms
        if actor.can("leads.manage"):
            return terms | Q(owner_id__isnull=True)
        mine = Pool.objects.of(actor).order_by().values("pk")
        return terms | (Q(owner_id__isnull=True) & Q(pool_id__any_of=ArraySubquery(mine)))

    def matching(self, text: str, *, pieces: bool = False) -> Self:
        """By name, company, pinyin, number, or an address: whole, or a piece for who may see addresses.

        Pieces find held leads only: what lies in a pool is masked, and nobody guesses it letter by letter.
        """
        text = text.strip()
        folded = names.fold(text)
        low = text.lower()
        whole = Q(email=low) | Q(phone=text) | Q(phone=f"+86{text}") | Q(wechat=text)
        terms = Q(search_key__contains=folded) | Q(company_key__contains=folded) | whole
        if pieces and text:
            terms |= Q(owner_id__isnull=False) & (Q(email__contains=low) | Q(phone__contains=text))
        digits = text.lstrip("lL-").strip()
        if digits.isdecimal() and len(digits) < 18:
            terms |= Q(number=int(digits))
        return self.filter(terms)

    def open(self) -> Self:
        """Those that somebody should work on."""
        return self.filter(status__in=OPEN)

    def reckon(self) -> int:
        """Writes anew when each held lead goes back to its pool, from the pool's rules. Returns how many rows.

        The earlier of: days without follow-up, days since it was taken; never before the protection ends.
        """
        taken = Coalesce(F("claimed_at"), F("assigned_at"), F("created_at"))
        due = due_moment(latest(F("last_touched_at"), taken), taken, taken)
        running = COUNTED & Q(owner__isnull=False, status__in=OPEN)
        moved = self.filter(pk__in=list(self.filter(running).values_list("pk", flat=True)))
        count = moved.update(returns_at=due)
        self.exclude(running).filter(returns_at__isnull=False).update(returns_at=None)
        return int(count)


class PoolQuerySet(CatalogueQuerySet):
    """Pools are settings-like: every member of staff may read them."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def for_leads(self) -> Self:
        """The active pools that leads lie in."""
        return self.active().filter(holds="leads")

    def for_customers(self) -> Self:
        """The active pools that customers lie in."""
        return self.active().filter(holds="customers")

    def of(self, actor: Actor) -> Self:
        """The active pools that the actor may claim from: as a member, or of a team that is one."""
        from ..models import Pool

        grants = actor.effective.grants
        people = Pool.users.through.objects.filter(user_id=actor.effective.id).values("pool_id")
        teams = Pool.teams.through.objects.filter(team_id__in=grants.team_ids).values("pool_id")
        return self.active().filter(Q(pk__in=people) | Q(pk__in=teams))


class OfLeadQuerySet(SeenWithQuerySet):
    """Rows that belong to a lead and are seen with it."""

    seen_with = "lead"


class OwnerSpanQuerySet(BaseQuerySet):
    """Who held what and when; read through the record it is about, by those who may see that record."""

    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)
