"""Reports: a question in plain words and the measures that answer it. Apps declare theirs in `metrics.py`.

    reports.register(Report("deals-won", SALES, _("What did we win?"), ["sales.won_amount", "sales.won"], by="owner"))

The gallery, dashboards and mailed reports draw every declared report alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .actor import Actor
from .metrics import Measure, measures
from .registry import Registry
from .sockets import ALL_REGISTRIES, Text

SERVICE, SALES, MARKETING, CUSTOMERS, KNOWLEDGE = "service", "sales", "marketing", "customers", "knowledge"
#: In the order of the gallery.
GROUPS: dict[str, Text] = {
    SERVICE: _("Service"),
    SALES: _("Sales"),
    MARKETING: _("Marketing"),
    CUSTOMERS: _("Customers"),
    KNOWLEDGE: _("Knowledge"),
}
#: `by` of a report that goes through the period; days, weeks or months by its length.
TIME = "time"


@dataclass(frozen=True, slots=True)
class Report:
    """A question and how it is answered.

    measures: keys; the first is what the chart shows. by: a dimension, `TIME`, or "" for the measures alone. across: a
    second dimension, for a table of both. is_funnel: the measures are steps, each a part of the one before. url_name: a
    page that answers it in its own way, instead of measures; permission: what that page needs.
    """

    key: str
    group: str
    question: Text
    measures: Sequence[str] = ()
    by: str = ""
    across: str = ""
    is_funnel: bool = False
    url_name: str = ""
    definition: Text = ""
    permission: str = ""
    order: int = 50

    @property
    def wanted(self) -> list[Measure]:
        """The declared measures, in order. Raises `KeyError` for one that nobody declares."""
        return [measures[key] for key in self.measures]

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor may read what it counts."""
        needed = {self.permission, *(measure.permission for measure in self.wanted)} - {""}
        return all(actor.can(name) for name in needed)

    def is_offered(self) -> bool:
        """Whether all its measures belong to apps that are switched on."""
        return all(measures.offered(key) is not None for key in self.measures)


reports: Registry[Report] = Registry("reports")
ALL_REGISTRIES.append(reports)


def reports_for(actor: Actor) -> list[Report]:
    """What the actor may read, in the order of groups."""
    places = list(GROUPS)
    found = [report for report in reports if report.is_offered() and report.is_open_to(actor)]
    return sorted(found, key=lambda report: (places.index(report.group), report.order, report.key))
