"""The lists of the service desk's settings; `lists.py` registers them beside the tickets."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.calendars.words import duration_text
from crm.conditions.sentences import sentence
from crm.core import clock
from crm.core.actor import Actor
from crm.core.text import listed
from crm.ui.generic import cells as ready
from crm.ui.lists import Column, Empty, ListPage, Viewer
from crm.ui.rules import changed_column, hits_column, order_column, prepared, switch_column

from ..canned import in_words
from ..choices import Priority
from ..models import (
    AgentProfile,
    CannedReply,
    Macro,
    RequestType,
    RequestTypeQuestion,
    Skill,
    SlaPolicy,
    Status,
    Ticket,
)
from ..type_words import RECENT, asked_by, recent_url, sentence_of

_MANAGE = "tickets.manage"
#: Where the count of a type's recent tickets stops.
_COUNTED = 1000
#: How much of a canned reply its line shows, in characters.
SHOWN = 120


def _edit_link(name: str) -> Any:
    """A link to a row's edit page."""
    return lambda row, viewer: format_html('<a href="{}" data-open>{}</a>', reverse(name, args=[row.pk]), row)


def _own_link(name: str) -> Any:
    """A link to the edit page of one's own rows, and of shared ones for those who set up the desk."""

    def cell(row: Any, viewer: Viewer) -> Any:
        may_edit = row.user_id is not None or viewer.actor.can(_MANAGE)
        return _edit_link(name)(row, viewer) if may_edit else str(row)

    return cell


def audience(row: Any, viewer: Viewer) -> str:
    """Whose a shared row is."""
    if row.user_id is not None:
        return _t("Only me")
    return str(row.team.name) if row.team_id is not None else _t("Everybody")


def _with_figures(rows: Any, actor: Actor) -> Any:
    """What a type asks and how often it was asked for lately, counted up to a thousand."""
    recent = Ticket.objects.filter(request_type=OuterRef("pk"), created_at__gte=clock.now() - RECENT).order_by()
    asked = RequestTypeQuestion.objects.filter(request_type=OuterRef("pk")).order_by()
    return rows.select_related("team").annotate(
        question_count=Func(ArraySubquery(asked.values("pk")), function="CARDINALITY", output_field=IntegerField()),
        recent_count=Func(
            ArraySubquery(recent.values("pk")[:_COUNTED]), function="CARDINALITY", output_field=IntegerField()
        ),
    )


def _recent(row: Any, viewer: Viewer) -> Any:
    """How many tickets of the last 30 days, leading to them."""
    text = f"{_COUNTED:,}+" if row.recent_count >= _COUNTED else str(row.recent_count)
    return format_html('<a class="tnum" href="{}">{}</a>', recent_url(row), text)


def _policy_sentence(policy: SlaPolicy, viewer: Viewer) -> str:
    """For which tickets, what is promised for the ordinary ones, and in whose hours."""
    which = sentence(policy.condition, on="ticket", viewer=viewer.actor) if policy.condition else _t("All tickets.")
    minutes = {name: policy.target_minutes(Priority.NORMAL, name) for name in ("first_response", "resolution")}
    words = {name: duration_text(value * 60, days=False) if value else _t("no time") for name, value in minutes.items()}
    said = _t("%(which)s First answer within %(first)s, solved within %(solved)s of %(calendar)s (normal priority).")
    values = {"first": words["first_response"], "solved": words["resolution"]}
    return said % {"which": which, **values, "calendar": policy.calendar}


def _status_sentence(row: Status, viewer: Viewer) -> str:
    """What customers read, and which clocks stand still meanwhile."""
    pauses = [
        text
        for holds, text in (
            (row.pauses_first_response, _t("the first response")), (row.pauses_resolution, _t("the resolution"))
        )
        if holds
    ]  # fmt: skip
    said = _t("Customers read “%(name)s”.") % {"name": row.customer_name or row.name}
    if not pauses:
        return said
    return _t("%(said)s It pauses %(clocks)s.") % {"said": said, "clocks": listed(pauses)}


def _agent_sentence(row: AgentProfile, viewer: Viewer) -> str:
    """How many tickets the person is given, and which."""
    if not row.takes_tickets:
        return _t("Gets no tickets by themselves.")
    skills = listed(row.skills.all())
    values = {"count": row.capacity, "seniority": row.get_seniority_display(), "skills": skills}
    if skills:
        return _t("Up to %(count)s tickets at one time, %(seniority)s, for %(skills)s.") % values
    return _t("Up to %(count)s tickets at one time, %(seniority)s.") % values


def _canned_sentence(row: CannedReply, viewer: Viewer) -> str:
    """How it is called up, and what it says."""
    call = row.shortcut or str(row.name)
    return _t("/%(call)s writes: %(text)s") % {"call": call, "text": Truncator(in_words(row)).chars(SHOWN)}


DESK_LISTS = (
    ListPage(
        key="request_type",
        model=RequestType,
        label=_("Request types"),
        permission=_MANAGE,
        url_name="desk:request_type_list",
        columns=[
            Column(
                "name",
                _("Name"),
                cell=_edit_link("desk:request_type_detail"),
                css="subj cut",
                locked=True,
                on_card=True,
            ),
            Column(
                "sentence",
                _("What it does"),
                cell=lambda row, viewer: sentence_of(row, row.question_count),
                css="c-sentence",
                on_card=True,
            ),
            Column("audiences", _("Who may ask"), cell=lambda row, viewer: asked_by(row), css="cut", width="cw-160"),
            Column(
                "recent",
                _("Last 30 days"),
                cell=_recent,
                align="num",
                width="cw-88",
                export=lambda row, viewer: row.recent_count,
            ),
            Column("changed", _("Last change"), cell=ready.moment("updated_at"), sort="updated_at", width="cw-128"),
            Column("kind", _("Kind"), cell="get_kind_display", width="cw-160", default=False),
            Column("team", _("Team"), cell="team.name", width="cw-160", default=False),
            order_column("request_type"),
            switch_column("request_type"),
        ],
        default_sort="order",
        prepare=_with_figures,
        row_url=lambda row: reverse("desk:request_type_detail", args=[row.pk]),
        empty=Empty(_("No request types yet"), _("Add what customers can ask for; the form needs at least one.")),
        create_url_name="desk:request_type_create",
        create_permission=_MANAGE,
        create_label=_("New request type"),
    ),
    ListPage(
        key="status",
        model=Status,
        label=_("Statuses"),
        permission=_MANAGE,
        url_name="desk:status_list",
        columns=[
            Column("name", _("Name"), cell=_edit_link("desk:status_update"), css="subj cut", locked=True, on_card=True),
            Column("customer_name", _("Name for customers"), width="cw-160"),
            Column("category", _("Meaning"), cell="get_category_display", width="cw-160", on_card=True),
            Column("sentence", _("What it does"), cell=_status_sentence, css="c-sentence", on_card=True),
            hits_column("status"),
            changed_column(),
            order_column("status"),
            switch_column("status"),
        ],
        default_sort="order",
        prepare=prepared("status"),
        row_url=lambda row: reverse("desk:status_update", args=[row.pk]),
        create_url_name="desk:status_create",
        create_permission=_MANAGE,
        create_label=_("New status"),
    ),
    ListPage(
        key="skill",
        model=Skill,
        label=_("Skills"),
        permission=_MANAGE,
        url_name="desk:skill_list",
        columns=[
            Column("name", _("Name"), cell=_edit_link("desk:skill_update"), css="subj cut", locked=True, on_card=True),
            Column("key", _("Identifier"), sort="key", width="cw-160", on_card=True),
        ],
        default_sort="key",
        row_url=lambda row: reverse("desk:skill_update", args=[row.pk]),
        empty=Empty(_("No skills yet"), _("A request type that needs a skill goes to agents who have it.")),
        create_url_name="desk:skill_create",
        create_permission=_MANAGE,
        create_label=_("New skill"),
    ),
    ListPage(
        key="agent_profile",
        model=AgentProfile,
        label=_("Agents"),
        permission=_MANAGE,
        url_name="desk:agent_profile_list",
        columns=[
            Column(
                "user",
                _("User"),
                cell=_edit_link("desk:agent_profile_update"),
                css="subj cut",
                locked=True,
                on_card=True,
            ),
            Column("capacity", _("Tickets at one time"), sort="capacity", align="num", width="cw-160", default=False),
            Column(
                "seniority",
                _("Seniority"),
                cell="get_seniority_display",
                sort="seniority",
                width="cw-160",
                default=False,
            ),
            Column(
                "skills",
                _("Skills"),
                cell=lambda row, viewer: listed(row.skills.all()) or "--",
                css="cut",
                default=False,
            ),
            Column("sentence", _("What it does"), cell=_agent_sentence, css="c-sentence", on_card=True),
            hits_column("agent_profile"),
            changed_column(),
            switch_column("agent_profile"),
        ],
        default_sort="-capacity",
        prepare=prepared("agent_profile", lambda rows, actor: rows.select_related("user").prefetch_related("skills")),
        row_url=lambda row: reverse("desk:agent_profile_update", args=[row.pk]),
        empty=Empty(_("No agents yet"), _("Without agents every ticket waits in its team's queue.")),
        create_url_name="desk:agent_profile_create",
        create_permission=_MANAGE,
        create_label=_("New agent"),
    ),
    ListPage(
        key="sla_policy",
        model=SlaPolicy,
        label=_("SLA policies"),
        permission=_MANAGE,
        url_name="desk:sla_policy_list",
        columns=[
            Column("name", _("Name"), cell=ready.link("name"), css="subj cut", locked=True, on_card=True),
            Column("sentence", _("What it does"), cell=_policy_sentence, css="c-sentence", on_card=True),
            Column("calendar", _("Calendar"), cell="calendar.name", width="cw-160", default=False),
            hits_column("sla_policy"),
            changed_column(),
            order_column("sla_policy"),
            Column("version", _("Version"), align="num", width="cw-80", default=False),
            switch_column("sla_policy"),
        ],
        default_sort="order",
        prepare=prepared("sla_policy", lambda rows, actor: rows.select_related("calendar")),
        empty=Empty(_("No SLA policies yet"), _("Without a policy no time is promised and no clock runs.")),
        create_url_name="desk:sla_policy_create",
        create_permission=_MANAGE,
        create_label=_("New SLA policy"),
    ),
    ListPage(
        key="canned_reply",
        model=CannedReply,
        label=_("Canned replies"),
        permission="tickets.reply",
        url_name="desk:canned_reply_list",
        columns=[
            Column(
                "name",
                _("Name"),
                cell=_own_link("desk:canned_reply_update"),
                css="subj cut",
                locked=True,
                on_card=True,
            ),
            Column("sentence", _("What it does"), cell=_canned_sentence, css="c-sentence", on_card=True),
            Column("shortcut", _("Shortcut"), sort="shortcut", width="cw-160", default=False),
            Column("audience", _("For whom"), cell=audience, width="cw-160", on_card=True),
            changed_column(),
            order_column("canned_reply"),
            switch_column("canned_reply"),
        ],
        search=lambda rows, text, actor: rows.matching(text),
        default_sort="order",
        prepare=prepared("canned_reply", lambda rows, actor: rows.select_related("team")),
        empty=Empty(
            _("No canned replies yet"), _("Write an answer once, then put it into any reply by typing / and its name.")
        ),
        create_url_name="desk:canned_reply_create",
        create_permission="tickets.reply",
        create_label=_("New canned reply"),
    ),
    ListPage(
        key="macro",
        model=Macro,
        label=_("Macros"),
        permission="tickets.reply",
        url_name="desk:macro_list",
        columns=[
            Column("name", _("Name"), cell=_own_link("desk:macro_update"), css="subj cut", locked=True, on_card=True),
            Column("sentence", _("What it does"), css="c-sentence", on_card=True),
            Column("audience", _("For whom"), cell=audience, width="cw-160", on_card=True),
            hits_column("macro"),
            changed_column(),
            order_column("macro"),
            switch_column("macro"),
        ],
        default_sort="order",
        prepare=prepared(
            "macro", lambda rows, actor: rows.select_related("team", "note", "reply", "status", "hand_to")
        ),
        empty=Empty(_("No macros yet"), _("Put steps that you often do together behind one click.")),
        create_url_name="desk:macro_create",
        create_permission="tickets.reply",
        create_label=_("New macro"),
    ),
)
