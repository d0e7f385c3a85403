"""Base querysets: access is a method of the queryset, and `none()` is the answer nobody forgot to give."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.constants import LOOKUP_SEP

from .actor import Actor, ActorKind, Scope
from .errors import NotFound


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`pk__any_of=ArraySubquery(…)`: `= ANY(ARRAY(…))`.

    Unlike IN (SELECT …) it keeps an OR of scope terms on their indexes, since the array is made once, before the scan.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """column = ANY(array)"""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


class BaseQuerySet(models.QuerySet[Any]):
    """Every model's queryset. Override `visible_to`; by default nobody sees anything."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows this actor may see. System sees all; other kinds need an answer of their own."""
        return self if actor.sees_all else self.none()

    def fetch(self, actor: Actor, **lookup: Any) -> Any:
        """One row of the actor's set. Raises `NotFound`, the same for missing and out of scope."""
        row = self.visible_to(actor).filter(**lookup).first()
        if row is None:
            raise NotFound
        return row

    def lock(self) -> Self:
        """Locks the rows against other writers, in id order, without blocking foreign key checks."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class CatalogueQuerySet(BaseQuerySet):
    """Settings-like rows (statuses, teams, calendars) that every member of staff may read."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_staff or actor.is_system else self.none()


class SeenWithQuerySet(BaseQuerySet):
    """Rows that belong to a record and are seen with it. seen_with: the foreign key to it, or a path of them."""

    seen_with: ClassVar[str]

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        record: Any = self.model
        for name in self.seen_with.split(LOOKUP_SEP):
            record = record._meta.get_field(name).related_model
        return self.filter(**{f"{self.seen_with}__in": record.objects.visible_to(actor)})


class ScopedQuerySet(BaseQuerySet):
    """Rows that a role opens by data scope. Terms are columns of the row itself: no join, no DISTINCT.

    module: the permission module; `<module>.view` opens the rows. owner_columns hold user ids.
    """

    module: ClassVar[str] = ""
    owner_columns: ClassVar[tuple[str, ...]] = ()
    team_column: ClassVar[str] = ""
    department_column: ClassVar[str] = ""

    def visible_to(self, actor: Actor) -> Self:
        if actor.kind == ActorKind.CONTACT:
            return self.visible_to_contact(actor)
        if not actor.can(f"{self.module}.view"):
            return self.none()
        scope = actor.scope(self.module)
        if scope == Scope.ALL:
            return self
        return self.filter(self.scope_terms(actor.effective, scope))

    def visible_to_contact(self, actor: Actor) -> Self:
        """What a customer's person may see; nothing unless the app says otherwise."""
        return self.none()

    def scope_terms(self, actor: Actor, scope: Scope) -> Q:
        """The condition for a scope narrower than "all"; an actor with none gets an impossible one."""
        grants = actor.grants
        terms = Q(pk__in=[])
        if scope >= Scope.OWN and actor.id is not None:
            for column in self.owner_columns:
                terms |= Q(**{column: actor.id})
        if scope >= Scope.TEAM and self.team_column:
            terms |= Q(**{f"{self.team_column}__in": grants.team_ids})
        if scope >= Scope.DEPARTMENT:
            if self.department_column:
                terms |= Q(**{f"{self.department_column}__in": grants.department_ids})
            if self.team_column:
                terms |= Q(**{f"{self.team_column}__in": grants.department_team_ids})
        return terms
