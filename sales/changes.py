"""What happened to the forecast of a term since a snapshot: every deal falls in exactly one kind of change.

Then, with what is new and moved in, less what moved out, was won or lost, and what amounts grew or shrank by, is now.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import models
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.metrics import midnight

from .models import ForecastSnapshot
from .querysets.opportunities import OpportunityQuerySet
from .terms import company_zone


class Change(models.TextChoices):
    """What became of a deal since the snapshot."""

    NEW = "new", pgettext_lazy("forecast", "New")
    MOVED_IN = "moved_in", _("Moved in")
    UP = "up", _("Amount up")
    DOWN = "down", _("Amount down")
    MOVED_OUT = "moved_out", _("Moved out")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


#: What stayed as it was.
SAME = "same"


class Since(NamedTuple):
    """A term's forecast of now, beside the one that was kept on a day. start and end as those of the term."""

    taken_on: dt.date
    start: dt.date
    end: dt.date

    def rows(self, deals: OpportunityQuerySet) -> OpportunityQuerySet:
        """The deals that are or were in the term's forecast; each says its `change`, and `then`, what it was worth."""
        kept = ForecastSnapshot.objects.filter(opportunity=OuterRef("pk"), taken_on=self.taken_on)
        rows = deals.annotate(
            then=Subquery(kept.values("amount")), then_currency=Subquery(kept.values("currency")),
            then_close=Subquery(kept.values("expected_close")),
        )  # fmt: skip
        is_open = Q(won_at__isnull=True, lost_at__isnull=True)
        was_in = Q(then_close__gte=self.start, then_close__lt=self.end)
        is_in = is_open & Q(expected_close__gte=self.start, expected_close__lt=self.end)
        same_money = Q(currency=F("then_currency"))
        since = midnight(self.taken_on, company_zone())
        kinds = [
            (was_in & Q(won_at__isnull=False), Change.WON),
            (was_in & Q(lost_at__isnull=False), Change.LOST),
            (was_in & ~is_in, Change.MOVED_OUT),
            (was_in & same_money & Q(amount=F("then")), SAME),
            (was_in & same_money & Q(amount__gt=F("then")), Change.UP),
            (was_in, Change.DOWN),
            (Q(then_close__isnull=True, created_at__gte=since), Change.NEW),
        ]
        change = Case(
            *(When(condition, then=Value(str(kind))) for condition, kind in kinds), default=Value(str(Change.MOVED_IN)),
            output_field=CharField(),
        )  # fmt: skip
        found: OpportunityQuerySet = rows.filter(was_in | is_in).annotate(change=change)
        return found

    def param(self, change: str) -> str:
        """A change as the list's filter takes it."""
        return ".".join([change, *(day.isoformat() for day in self)])


def read_param(text: str) -> tuple[Change, Since] | None:
    """What `Since.param` wrote; None for anything else."""
    kind, *days = text.split(".")
    if kind not in Change.values or len(days) != 3:
        return None
    try:
        found = [parse_date(day) for day in days]
    except ValueError:
        return None
    if None in found:
        return None
    return Change(kind), Since(*found)  # type: ignore[arg-type]


def param_label(text: str) -> str:
    """The filter's value in words."""
    known = read_param(text)
    if known is None:
        return text
    change, since = known
    last = since.end - dt.timedelta(days=1)
    values = {
        "change": change.label, "since": date_format(since.taken_on, "DATE_FORMAT"),
        "first": date_format(since.start, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT"),
    }  # fmt: skip
    return _t("%(change)s since %(since)s, of %(first)s to %(last)s") % values
