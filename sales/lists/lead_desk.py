"""The lists of the lead desk's settings: pools, assignment rules, score rules."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.conditions.sentences import sentence
from crm.core.actor import Actor
from crm.ui.lists import Column, Empty, ListPage, Viewer
from crm.ui.rules import RuleList, changed_column, hits_column, order_column, prepared, switch_column

from ..actions import lead_desk
from ..choices.leads import PoolHolds, RouteTo, ScoreGroup, SpanStart
from ..models import LeadDecision, LeadRule, OwnerSpan, Pool, ScoreRule

_MANAGE = "leads.manage"


def _edit_link(name: str) -> Any:
    """A link to a row's edit page."""
    return lambda row, viewer: format_html('<a href="{}" data-open>{}</a>', reverse(name, args=[row.pk]), row)


def pool_sentence(row: Pool, viewer: Viewer) -> str:
    """The pool's rules in words."""
    said = []
    if row.daily_limit is not None:
        said.append(ngettext("%(n)s claim a day", "%(n)s claims a day", row.daily_limit) % {"n": row.daily_limit})
    if row.capacity is not None:
        said.append(_t("up to %(n)s held") % {"n": row.capacity})
    if row.idle_days is not None:
        said.append(_t("back after %(n)s days without follow-up") % {"n": row.idle_days})
    if row.convert_days is not None:
        said.append(_t("back after %(n)s days without conversion") % {"n": row.convert_days})
    return "; ".join(said) or _t("No limits, and nothing goes back by itself.")


def _members(row: Pool, viewer: Viewer) -> str:
    names = [*(str(team) for team in row.teams.all()), *(user.name for user in row.users.all())]
    return ", ".join(names) or _t("Nobody yet")


def rule_sentence(row: LeadRule, viewer: Viewer) -> str:
    """For which leads, and where they go."""
    which = sentence(row.condition, on="lead", viewer=viewer.actor) if row.condition else _t("Every lead.")
    targets = {RouteTo.POOL: row.pool, RouteTo.USER: row.user, RouteTo.TEAM: row.team}
    said = {
        RouteTo.POOL: _t("%(which)s They lie in the pool %(to)s."),
        RouteTo.USER: _t("%(which)s %(to)s gets them."),
        RouteTo.TEAM: _t("%(which)s Whoever of %(to)s holds the fewest gets them."),
    }
    return said[RouteTo(row.route)] % {"which": which, "to": targets[RouteTo(row.route)] or _t("nobody")}


def score_sentence(row: ScoreRule, viewer: Viewer) -> str:
    """What gives the points."""
    if row.group == ScoreGroup.ENGAGEMENT:
        said = _t("%(points)s points each time: %(event)s. They fade.")
        return said % {"points": f"{row.points:+d}", "event": row.get_event_display()}
    which = sentence(row.condition, on="lead", viewer=viewer.actor) if row.condition else _t("Every lead.")
    return _t("%(points)s points: %(which)s") % {"points": f"{row.points:+d}", "which": which}


def _claims_of(pool: Any, since: dt.datetime) -> QuerySet[Any]:
    return OwnerSpan.objects.filter(pool=pool, start=SpanStart.CLAIMED, started_at__gte=since)


def _decided_by(rule: Any, since: dt.datetime) -> QuerySet[Any]:
    return LeadDecision.objects.filter(rule=rule, created_at__gte=since)


def _leads_url(**filters: Any) -> str:
    return f"{reverse('leads:lead_list')}?{urlencode({'view': 'all', **filters})}"


def _lying_url(row: Pool) -> str:
    if row.holds == PoolHolds.LEADS:
        return _leads_url(pool=row.pk)
    return f"{reverse('pools:customer_list')}?{urlencode({'view': 'all', 'pool': row.pk})}"


def _may(actor: Actor, row: Any) -> bool:
    return actor.can(_MANAGE)


LEAD_RULE_LISTS = [
    RuleList(
        "pool", lambda actor, row, values: lead_desk.save_pool(actor=actor, values=values, record=row), _may,
        hits=_claims_of, hits_url=_lying_url,
    ),
    RuleList(
        "lead_rule", lambda actor, row, values: lead_desk.save_lead_rule(actor=actor, values=values, record=row), _may,
        hits=_decided_by, hits_url=lambda row: _leads_url(decided_by=row.pk),
    ),
    RuleList(
        "score_rule", lambda actor, row, values: lead_desk.save_score_rule(actor=actor, values=values, record=row),
        _may,
    ),
]  # fmt: skip


def _name(url_name: str) -> Column:
    return Column("name", _("Name"), cell=_edit_link(url_name), css="subj cut", locked=True, on_card=True)


LEAD_DESK_LISTS = [
    ListPage(
        key="pool", model=Pool, label=_("Pools"), permission=_MANAGE, url_name="leaddesk:pool_list",
        columns=[
            _name("leaddesk:pool_update"),
            Column("sentence", _("What it does"), cell=pool_sentence, css="c-sentence", on_card=True),
            Column("holds", _("What lies in it"), cell="get_holds_display", width="cw-128"),
            Column("members", _("Members"), cell=_members, css="cut"),
            hits_column("pool", _("Claims, last 30 days")),
            changed_column(), order_column("pool"), switch_column("pool"),
        ],
        default_sort="order",
        prepare=prepared("pool", lambda rows, actor: rows.prefetch_related("teams", "users")),
        empty=Empty(_("No pools yet"), _("Leads or customers without an owner lie there, for its members to claim.")),
        create_url_name="leaddesk:pool_create", create_permission=_MANAGE, create_label=_("New pool"),
    ),
    ListPage(
        key="lead_rule", model=LeadRule, label=_("Lead assignment rules"), permission=_MANAGE,
        url_name="leaddesk:lead_rule_list",
        columns=[
            _name("leaddesk:lead_rule_update"),
            Column("sentence", _("What it does"), cell=rule_sentence, css="c-sentence", on_card=True),
            hits_column("lead_rule"), changed_column(), order_column("lead_rule"), switch_column("lead_rule"),
        ],
        default_sort="order",
        prepare=prepared("lead_rule", lambda rows, actor: rows.select_related("pool", "user", "team")),
        empty=Empty(_("No assignment rules yet"), _("Without a rule, what comes in by itself belongs to nobody.")),
        create_url_name="leaddesk:lead_rule_create", create_permission=_MANAGE, create_label=_("New assignment rule"),
    ),
    ListPage(
        key="score_rule", model=ScoreRule, label=_("Score rules"), permission=_MANAGE,
        url_name="leaddesk:score_rule_list",
        columns=[
            _name("leaddesk:score_rule_update"),
            Column("group", _("Group"), cell="get_group_display", sort="group", width="cw-128"),
            Column("sentence", _("What it does"), cell=score_sentence, css="c-sentence", on_card=True),
            Column("points", _("Points"), sort="points", align="num", width="cw-80"),
            changed_column(), order_column("score_rule"), switch_column("score_rule"),
        ],
        default_sort="order", prepare=prepared("score_rule"),
        empty=Empty(_("No score rules yet"), _("Rules give leads points, so that the best are called first.")),
        create_url_name="leaddesk:score_rule_create", create_permission=_MANAGE, create_label=_("New score rule"),
    ),
]  # fmt: skip
