"""Lists of rules: what each does in a sentence, its switch and place, who changed it last, how often it decided.

An app whose list shows rules fills `rules.py`:

    rule_lists.register(RuleList("sla_policy", change=save_policy, hits=tickets_under, hits_url=tickets_url))

and puts the columns of this module into the list's own, with `prepare=prepared("sla_policy", …)`. Nothing is counted
while work is done: hits are counted for the rows of the page, from what the product stores anyway.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity, Anchor
from crm.core import clock, sockets
from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import kinds, settings_pages

from . import html
from .lists import Column, Viewer
from .ordering import movers

#: How far back decisions are counted, and where the count of one rule stops.
RECENT = dt.timedelta(days=30)
COUNTED = 1000
#: The form of the page that the buttons in the cells belong to (ui/generic/partials/_rule_form.html).
FORM = "rule-verbs"


@dataclass(frozen=True, slots=True)
class RuleList:
    """What a list of rules offers in place. key: of the list and of the rows' `Kind`.

    change(actor, row, values): the verb that saves `switch` or `order`; it checks the actor's rights. switch, order:
    field names, "" where rows have none. may(actor, row): whether to offer the buttons.
    hits(rule, since): a queryset of what the rule decided, `rule` being an `OuterRef`; hits_url(row): where it is seen.
    """

    key: str
    change: Callable[[Actor, Any, dict[str, Any]], Any]
    may: Callable[[Actor, Any], bool] = lambda actor, row: True
    switch: str = "is_active"
    order: str = "order"
    hits: Callable[[Any, dt.datetime], QuerySet[Any]] | None = None
    hits_url: Callable[[Any], str] | None = None


class LastChange(NamedTuple):
    """Who changed a rule last. id: of the activity, which the audit log shows."""

    id: int
    at: dt.datetime
    by: str


rule_lists: Registry[RuleList] = Registry("rule lists")
sockets.ALL_REGISTRIES.append(rule_lists)


def prepared(
    key: str, further: Callable[[QuerySet[Any], Actor], QuerySet[Any]] | None = None
) -> Callable[[QuerySet[Any], Actor], QuerySet[Any]]:
    """`prepare` of a `ListPage` of rules: the last change and the hits of each row, in the page's own query."""

    def prepare(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        declared = rule_lists[key]
        rows = further(rows, actor) if further else rows
        if declared.hits is not None:
            found = declared.hits(OuterRef("pk"), clock.now() - RECENT).order_by()
            counted = ArraySubquery(found.values("pk")[:COUNTED])
            rows = rows.annotate(rule_hits=Func(counted, function="CARDINALITY", output_field=IntegerField()))
        return with_last_change(rows, key)

    return prepare


def with_last_change(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """The rows with `changed_id`, `changed_at` and `changed_by` of the newest deed recorded on each."""
    code = kinds[key].code
    own = Anchor.objects.filter(kind=code, object_id=OuterRef("pk"), subject_kind=code, subject_id=OuterRef("pk"))
    deed = Activity.objects.filter(pk=OuterRef("changed_id"))
    return rows.annotate(
        changed_id=Subquery(own.order_by("-activity_id").values("activity_id")[:1]),
    ).annotate(changed_at=Subquery(deed.values("at")), changed_by=Subquery(deed.values("actor_label")))


def last_change_of(record: Any, key: str) -> LastChange | None:
    """The newest deed recorded on one row, for a page that shows no list."""
    row = with_last_change(type(record)._default_manager.filter(pk=record.pk), key).get()
    return LastChange(row.changed_id, row.changed_at, row.changed_by) if row.changed_id else None


def switch_column(key: str, label: Any = "") -> Column:
    """On or off, changed in place; also on phones."""

    def cell(row: Any, viewer: Viewer) -> Any:
        declared = rule_lists[key]
        is_on = getattr(row, declared.switch)
        if not declared.may(viewer.actor, row):
            return _t("On") if is_on else _t("Off")
        return format_html(
            '<button type="submit" form="{}" formaction="{}" class="app-switch" role="switch" aria-checked="{}"'
            ' aria-label="{}">{}</button>',
            FORM,
            f"{reverse('ui:rule_switch', args=[key, row.pk])}?on={0 if is_on else 1}",
            "true" if is_on else "false",
            row,
            _t("On") if is_on else _t("Off"),
        )

    return Column(
        "switch", label or _("On"), cell, width="cw-88", on_card=True, css="c-switch",
        export=lambda row, viewer: _t("On") if getattr(row, rule_lists[key].switch) else _t("Off"),
    )  # fmt: skip


def order_column(key: str) -> Column:
    """The place in the order, with buttons: the first that fits decides, or stands first in a menu."""

    def cell(row: Any, viewer: Viewer) -> Any:
        declared = rule_lists[key]
        if not declared.may(viewer.actor, row):
            return getattr(row, declared.order)
        return movers(reverse("ui:rule_move", args=[key, row.pk]), row, FORM)

    return Column(
        "order", _("Order"), cell, sort="order", width="cw-128",
        export=lambda row, viewer: getattr(row, rule_lists[key].order),
    )  # fmt: skip


def changed_column() -> Column:
    """When and by whom; for those who may read the audit log, a link to that entry."""

    def cell(row: Any, viewer: Viewer) -> Any:
        if not row.changed_id:
            return html.EMPTY_HTML
        at = html.time(row.changed_at, short=True, always_absolute=bool(viewer.ui and viewer.ui.absolute_time))
        text = format_html("{} {}", at, row.changed_by)
        if not viewer.actor.can("console.view_audit"):
            return text
        return format_html('<a class="app-link" href="{}">{}</a>', audit_url(row.changed_id), text)

    return Column(
        "changed", _("Last change"), cell, width="cw-160", css="cut",
        export=lambda row, viewer: f"{row.changed_at:%Y-%m-%d %H:%M} {row.changed_by}" if row.changed_id else "",
    )  # fmt: skip


def hits_column(key: str, label: Any = "") -> Column:
    """How often the rule decided lately, leading to what it decided on."""

    def cell(row: Any, viewer: Viewer) -> Any:
        number = number_format(row.rule_hits, force_grouping=True) + ("+" if row.rule_hits >= COUNTED else "")
        address = rule_lists[key].hits_url
        return format_html('<a class="tnum" href="{}">{}</a>', address(row), number) if address else number

    return Column(
        "hits", label or _("Last 30 days"), cell, align="num", width="cw-128", export=lambda row, viewer: row.rule_hits
    )


def audit_url(activity_id: int) -> str:
    """The audit log opened at one entry."""
    return f"{reverse(settings_pages['audit'].url_name)}?entry={activity_id}"


def rules_in_order(declared: RuleList, rows: QuerySet[Any]) -> list[Any]:
    """The rows as they take their turn."""
    return list(rows.order_by(F(declared.order), "pk"))
