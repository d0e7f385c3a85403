"""Ways to narrow the list of leads."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.ui.generic.choices import ReadOnce

from ..choices.leads import OPEN, LeadSource, LeadStatus
from ..models import Lead, LeadSettings, Pool


def _people() -> list[tuple[str, Any]]:
    owned = Exists(Lead.objects.filter(owner=OuterRef("pk")))
    owners = User.objects.filter(owned).values_list("pk", "name")
    return [("me", _("Me")), ("none", _("Nobody")), *((str(pk), name) for pk, name in owners)]


def _pools() -> list[tuple[str, Any]]:
    return [(str(pool.pk), str(pool.name)) for pool in Pool.objects.filter(holds="leads")]


class LeadFilters(df.FilterSet):
    status = df.MultipleChoiceFilter(label=_("Status"), choices=LeadStatus.choices)
    owner = df.MultipleChoiceFilter(label=_("Owner"), choices=(), method="by_owner")
    place = df.ChoiceFilter(
        label=_("Where"),
        choices=[("pool", _("In a pool")), ("held", _("Held by somebody")), ("nowhere", _("Unassigned"))],
        method="by_place",
    )
    pool = df.MultipleChoiceFilter(label=_("Pool"), choices=(), method="by_pool")
    source = df.MultipleChoiceFilter(label=_("Source"), choices=LeadSource.choices)
    hot = df.ChoiceFilter(label=_("Hot"), choices=[("1", _("Hot leads only"))], method="by_heat")
    decided_by = df.NumberFilter(label=_("Assigned by rule"), method="by_rule")
    created_from = df.IsoDateTimeFilter(label=_("Created from"), field_name="created_at", lookup_expr="gte")
    created_to = df.IsoDateTimeFilter(label=_("Created before"), field_name="created_at", lookup_expr="lt")
    converted_from = df.IsoDateTimeFilter(label=_("Converted from"), field_name="converted_at", lookup_expr="gte")
    converted_to = df.IsoDateTimeFilter(label=_("Converted before"), field_name="converted_at", lookup_expr="lt")

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["owner"].extra["choices"] = ReadOnce(_people)
        self.filters["pool"].extra["choices"] = ReadOnce(_pools)

    def by_owner(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "me" in values and self.request.actor.user_id is not None:
            ids.add(self.request.actor.user_id)
        terms = Q(owner__in=ids)
        return rows.filter(terms | Q(owner__isnull=True) if "none" in values else terms)

    def by_place(self, rows: Any, name: str, value: str) -> Any:
        if value == "held":
            return rows.filter(owner__isnull=False)
        return rows.filter(owner__isnull=True, pool__isnull=value == "nowhere", status__in=OPEN)

    def by_pool(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(pool__in=[int(value) for value in values if value.isdigit()])

    def by_heat(self, rows: Any, name: str, value: str) -> Any:
        settings = LeadSettings.objects.order_by("pk").first()
        return rows.filter(score__gte=settings.hot_from if settings else 100, status__in=OPEN)

    def by_rule(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(pk__in=_decided(int(value)))


def _decided(rule: int) -> Any:
    from ..models import LeadDecision

    return LeadDecision.objects.filter(rule=rule).order_by().values("lead")
