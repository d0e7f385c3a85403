"""The platform's lists: users, teams, roles, jobs, outgoing mail."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, Team, User
from crm.accounts.selectors import presence_of
from crm.core import names, text
from crm.core.actor import Actor
from crm.jobs.models import Job
from crm.messaging.models import OutgoingMail
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer, lists

from ..filters import JobFilter, MailFilter, TeamFilter, UserFilter

JOB_TONES = {"waiting": "neutral", "running": "info", "done": "success", "failed": "danger", "cancelled": "neutral"}
MAIL_TONES = {"waiting": "neutral", "sending": "info", "sent": "success", "failed": "danger", "held": "warning"}
PRESENCE = {
    "available": (_("Available"), "success"),
    "away": (_("Away"), "warning"),
    "offline": (_("Offline"), "neutral"),
}


def presence(user: User, _viewer: Viewer) -> Any:
    """Suspended, invited, or what the person says and shows."""
    if not user.is_active:
        return html.badge(_t("Suspended"), "danger")
    if not user.has_usable_password():
        return html.badge(_t("Invited"), "info")
    label, tone = PRESENCE[presence_of(user)]
    return html.badge(label, tone)


def two_step_state(user: User, _viewer: Viewer) -> Any:
    """Whether the second step of signing in is on."""
    row = getattr(user, "two_step", None)
    if row is None or row.confirmed_at is None:
        return html.badge(_t("Off"), "neutral")
    return html.badge(_t("On"), "success")


def joined(relation: str) -> Any:
    """Names of related rows, separated by commas."""
    return lambda row, viewer: text.listed(getattr(row, relation).all()) or html.EMPTY


def listed(annotation: str) -> Any:
    """Texts that `prepare` put on the row as a list, separated by commas."""
    return lambda row, viewer: text.listed(getattr(row, annotation)) or html.EMPTY


def progress(job: Job, _viewer: Viewer) -> str:
    if not job.total:
        return number_format(job.done, force_grouping=True)
    return _t("%(done)s of %(total)s") % {
        "done": number_format(job.done, force_grouping=True),
        "total": number_format(job.total, force_grouping=True),
    }


def _job_link(job: Job, _viewer: Viewer) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("console:job_detail", args=[job.pk]), job.label)


def _users(rows: QuerySet[Any], _actor: Actor) -> QuerySet[Any]:
    return rows.select_related("department").annotate(
        role_names=ArraySubquery(Role.objects.filter(users=OuterRef("pk")).values("name")),
        team_names=ArraySubquery(Team.objects.filter(memberships__user=OuterRef("pk")).values("name")),
    )


def _teams(rows: QuerySet[Any], _actor: Actor) -> QuerySet[Any]:
    return (
        rows.select_related("department")
        .annotate(people=Count("memberships", filter=Q(memberships__user__is_active=True)))
        .prefetch_related("members")
    )


def _roles(rows: QuerySet[Any], _actor: Actor) -> QuerySet[Any]:
    return rows.annotate(people=Count("users", filter=Q(users__is_active=True)))


def find_translated(rows: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """By part of a name in any language, and by pinyin: administrators' lists are short."""
    wanted = names.fold(text)
    ids = [row.pk for row in rows if any(wanted in names.search_key(name) for name in row.name.values())]
    return rows.filter(pk__in=ids)


lists.register(
    ListPage(
        key="user",
        model=User,
        label=_("Users"),
        permission="console.view_settings",
        url_name="console:user_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), sort="sort_key", locked=True, css="subj cut", on_card=True),
            Column("email", _("Email"), sort="email", css="cut", on_card=True),
            Column("presence", _("State"), presence, on_card=True),
            Column("roles", _("Roles"), listed("role_names"), css="cut"),
            Column("teams", _("Teams"), listed("team_names"), css="cut"),
            Column("department", _("Department"), sort="department__path", css="cut"),
            Column("job_title", _("Job title"), css="cut", default=False),
            Column("phone", _("Phone"), default=False),
            Column("last_seen", _("Last seen"), cells.moment("last_seen_at"), sort="last_seen_at"),
        ),
        base=lambda rows: rows.people(),
        filterset=UserFilter,
        quick_filters=("team", "department"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name, pinyin or email"),
        default_sort="name",
        prepare=_users,
        views=(
            BuiltinView("active", _("Active"), {"active": "true"}),
            BuiltinView("suspended", _("Suspended"), {"active": "false"}),
            BuiltinView("all", _("All")),
        ),
        empty=Empty(_("No users yet"), _("Invite the colleagues who answer customers.")),
        create_url_name="console:user_create",
        create_permission="console.manage_staff",
        create_label=_("Invite user"),
        section=_("Settings"),
    ),
    ListPage(
        key="team",
        model=Team,
        label=_("Teams"),
        permission="console.view_settings",
        url_name="console:team_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), sort="pk", locked=True, css="subj cut", on_card=True),
            Column("department", _("Department"), sort="department__path", css="cut", on_card=True),
            Column("people", _("Members"), cells.number("people"), align="num"),
            Column("members", _("Who"), joined("members"), css="cut"),
            Column("is_active", _("Active"), cells.yes_no("is_active")),
        ),
        filterset=TeamFilter,
        quick_filters=("department",),
        search=find_translated,
        default_sort="name",
        prepare=_teams,
        empty=Empty(_("No teams yet"), _("A team answers one kind of request.")),
        create_url_name="console:team_create",
        create_permission="console.manage_structure",
        create_label=_("New team"),
        section=_("Settings"),
    ),
    ListPage(
        key="role",
        model=Role,
        label=_("Roles"),
        permission="console.manage_staff",
        url_name="console:role_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), sort="pk", locked=True, css="subj cut", on_card=True),
            Column("description", _("Description"), css="cut", on_card=True),
            Column("people", _("Users"), cells.number("people"), align="num"),
        ),
        search=find_translated,
        default_sort="name",
        prepare=_roles,
        empty=Empty(_("No roles yet")),
        create_url_name="console:role_create",
        create_permission="console.manage_roles",
        create_label=_("New role"),
        section=_("Settings"),
    ),
    ListPage(
        key="job",
        model=Job,
        label=_("Jobs"),
        permission="console.manage_jobs",
        url_name="console:job_list",
        columns=(
            Column("label", _("Job"), _job_link, locked=True, css="subj cut", on_card=True),
            Column(
                "state",
                _("State"),
                cells.badge("get_state_display", lambda job: JOB_TONES[job.state]),
                sort="state",
                on_card=True,
            ),
            Column("progress", _("Progress"), progress, align="num"),
            Column("skipped_count", _("Skipped"), cells.number("skipped_count"), align="num"),
            Column("owner", _("Started by"), cells.person("owner")),
            Column("created", _("Started"), cells.moment("created_at"), sort="pk"),
            Column("finished", _("Finished"), cells.moment("finished_at"), default=False),
        ),
        filterset=JobFilter,
        quick_filters=("state",),
        search=lambda rows, text, actor: rows.filter(label__icontains=text),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("owner"),
        views=(
            BuiltinView("all", _("All")),
            BuiltinView("open", _("Running"), {"state": ("waiting", "running")}),
            BuiltinView("failed", _("Failed"), {"state": "failed"}),
        ),
        empty=Empty(_("No jobs yet"), _("Exports, bulk changes and other long work show up here.")),
        section=_("Settings"),
    ),
    ListPage(
        key="outgoing_mail",
        model=OutgoingMail,
        label=_("Outgoing mail"),
        permission="messaging.manage_mail",
        url_name="console:outgoing_mail_list",
        columns=(
            Column(
                "subject",
                _("Subject"),
                cells.template("console/partials/_mail_subject.html"),
                locked=True,
                css="subj cut",
                on_card=True,
                export=lambda row, viewer: row.subject,
            ),
            Column("to", _("To"), "to_email", css="cut", on_card=True),
            Column(
                "state",
                _("State"),
                cells.badge("get_state_display", lambda mail: MAIL_TONES[mail.state]),
                sort="state",
                on_card=True,
                width="cw-112",
            ),
            Column("attempts", _("Attempts"), cells.number("attempts"), align="num", width="cw-88"),
            Column("error", _("Error"), css="cut", width="cw-140"),
            Column("created", _("Created"), cells.moment("created_at"), sort="pk", width="cw-112"),
            Column("sent", _("Sent"), cells.moment("sent_at"), width="cw-112"),
            Column("complained", _("Called spam"), cells.moment("complained_at"), default=False),
        ),
        filterset=MailFilter,
        quick_filters=("state",),
        search=lambda rows, text, actor: rows.filter(Q(to_email__icontains=text) | Q(subject__icontains=text)),
        search_hint=_("Address or subject"),
        default_sort="-created",
        views=(
            BuiltinView("all", _("All")),
            BuiltinView("failed", _("Not delivered"), {"state": ("failed", "held")}),
            BuiltinView("waiting", _("Waiting"), {"state": ("waiting", "sending")}),
            BuiltinView("complained", _("Called spam"), {"complained": "true"}),
        ),
        empty=Empty(_("No mail yet"), _("Every mail to a customer or colleague is logged here.")),
        section=_("Settings"),
    ),
)
