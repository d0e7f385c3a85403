"""Figures of leads. Steps of the funnel are about the leads created in the period, as they stand now."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.gallery import SALES, TIME, Report, reports
from crm.core.metrics import Dimension, Measure, Part, Source, Span, Unit, count, dimensions, measures, rate
from customers.metrics import between, choices, people

from ..choices.leads import LeadSource, LeadStatus
from ..models import Lead

LIST, SEE = "leads:lead_list", "leads.view"
PARTS = {"lead_owner": Part("owner_id", "owner"), "lead_source": Part("source", "source")}
_TAKEN = [LeadStatus.WORKING, LeadStatus.QUALIFIED, LeadStatus.CONVERTED]
_FIT = [LeadStatus.QUALIFIED, LeadStatus.CONVERTED]


def _in(column: str) -> Any:
    def rows(viewer: Actor, span: Span) -> Any:
        return Lead.objects.visible_to(viewer).filter(
            **{f"{column}__gte": span.start, f"{column}__lt": span.end}
        )  # fmt: skip

    return rows


CREATED = Source("leads.created", _in("created_at"), lambda span: between("created", span), LIST, PARTS,
                 moment="created_at")  # fmt: skip
CONVERTED = Source("leads.converted", _in("converted_at"), lambda span: between("converted", span), LIST, PARTS,
                   moment="converted_at")  # fmt: skip


def _step(key: str, label: Any, definition: Any, statuses: list[LeadStatus], order: int) -> Measure:
    return Measure(
        key, label, definition, CREATED, Unit.COUNT, count(), SEE, better="up",
        only=lambda: Q(status__in=statuses), params={"status": [status.value for status in statuses]}, order=order,
    )  # fmt: skip


measures.register(
    Measure("leads.created", _("New leads"), _("Leads created in the period, from any source."), CREATED, Unit.COUNT,
            count(), SEE, better="up", order=10),
    _step("leads.taken_up", _("Taken up"),
          _("Of the leads created in the period, those that are worked on or further."), _TAKEN, 11),
    _step("leads.qualified", pgettext_lazy("figure", "Qualified"),
          _("Of the leads created in the period, those that are qualified or converted."), _FIT, 12),
    _step("leads.became_customers", pgettext_lazy("figure", "Converted"),
          _("Of the leads created in the period, those that are converted."), [LeadStatus.CONVERTED], 13),
    Measure("leads.converted", _("Converted leads"), _("Leads converted in the period, whenever they were created."),
            CONVERTED, Unit.COUNT, count(), SEE, better="up", order=14),
    Measure("leads.conversion_rate", _("Conversion rate"),
            _("Of the leads created in the period, the share that is converted."), CREATED, Unit.RATE,
            rate(Q(status=LeadStatus.CONVERTED)), SEE, better="up", order=15),
)  # fmt: skip
dimensions.register(
    Dimension("lead_owner", _("Owner"), 80, people),
    Dimension("lead_source", pgettext_lazy("lead", "Source"), 81, choices(LeadSource)),
)
reports.register(
    Report("leads-funnel", SALES, _("How far do leads get?"),
           ["leads.created", "leads.taken_up", "leads.qualified", "leads.became_customers"], is_funnel=True, order=40),
    Report("leads-time", SALES, _("How many leads come in and are converted?"), ["leads.created", "leads.converted"],
           by=TIME, order=41),
    Report("leads-source", SALES, _("Which sources bring leads that convert?"),
           ["leads.created", "leads.qualified", "leads.became_customers", "leads.conversion_rate"], by="lead_source",
           order=42),
)  # fmt: skip
