"""The lists of landing pages and of the forms that were sent; `lists` registers them."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer
from sales.models import Lead

from ..choices.landing import TONES, PageStatus
from ..models import LandingPage, LandingSubmission


class LandingPageFilters(df.FilterSet):
    status = df.MultipleChoiceFilter(label=_("Status"), choices=PageStatus.choices)
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")
    campaign = df.NumberFilter(label=_("Campaign number"), field_name="campaign")

    class Meta:
        model = LandingPage
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id or 0)


class SubmissionFilters(df.FilterSet):
    page = df.ModelChoiceFilter(label=_("Landing page"), queryset=LandingPage.objects.none())
    source = df.CharFilter(label=_("Source"))
    new = df.BooleanFilter(label=_("New lead"), field_name="is_new_lead")
    since = df.DateFilter(label=_("Since"), field_name="day", lookup_expr="gte")
    until = df.DateFilter(label=_("Until"), field_name="day", lookup_expr="lte")

    class Meta:
        model = LandingSubmission
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.request is not None:
            self.filters["page"].queryset = LandingPage.objects.visible_to(self.request.actor).order_by("sort_key")


def status_tone(row: LandingPage) -> str:
    """The tone of a page's status."""
    return TONES[PageStatus(row.status)]


def _lead(row: LandingSubmission, viewer: Viewer) -> Any:
    """The lead by name, a link for those who may see it."""
    if not row.sees_lead:
        return row.lead.label
    return format_html('<a href="{}">{} {}</a>', row.get_absolute_url(), row.lead.label, row.lead.name)


def counted(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """With how many forms came in."""
    sent, new = Count("submissions"), Count("submissions", filter=Q(submissions__is_new_lead=True))
    return rows.select_related("owner", "campaign").defer("content", "live_content").annotate(sent=sent, new_leads=new)


def with_lead(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """With the page, the lead, and whether the actor may open it."""
    seen = Exists(Lead.objects.visible_to(actor).filter(pk=OuterRef("lead")))
    return rows.select_related("page", "lead").annotate(sees_lead=seen)


LANDING_LISTS = [
    ListPage(
        key="landing_page",
        model=LandingPage,
        label=_("Landing pages"),
        section=_("Marketing"),
        permission="landing.view",
        url_name="landingpages:page_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name", snippet="path"), sort="sort_key", css="subj cut",
                   locked=True, on_card=True, export=lambda row, viewer: row.name),
            Column("status", _("Status"), cell=cells.badge("get_status_display", status_tone), width="cw-128",
                   on_card=True, export=lambda row, viewer: row.get_status_display()),
            Column("campaign", _("Campaign"), cell="campaign.name", css="cut", default=False),
            Column("sent", _("Forms sent"), cell="sent", align="num", width="cw-96", on_card=True),
            Column("new_leads", _("New leads"), cell="new_leads", align="num", width="cw-96"),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-160",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("published", _("Published"), cell=cells.moment("published_at"), align="num", width="cw-96",
                   export=lambda row, viewer: row.published_at),
            Column("updated", _("Updated"), cell=cells.moment("updated_at"), sort="updated_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.updated_at),
        ],
        filterset=LandingPageFilters,
        quick_filters=("status", "whose"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name or address"),
        default_sort="-updated",
        prepare=counted,
        views=[
            BuiltinView("all", _("All landing pages")),
            BuiltinView("published", _("Published"), {"status": "published"}),
            BuiltinView("drafts", _("Drafts"), {"status": "draft"}),
            BuiltinView("mine", _("My own"), {"whose": "me"}),
        ],
        empty=Empty(
            _("No landing pages yet"),
            _("A page with one message and one form: share its address or QR code, and its visitors become leads."),
        ),
        create_url_name="landingpages:page_create",
        create_permission="landing.create",
        create_label=_("New landing page"),
    ),
    ListPage(
        key="landing_submission",
        model=LandingSubmission,
        label=_("Sent forms"),
        section=_("Marketing"),
        permission="landing.view",
        url_name="landingpages:submission_list",
        columns=[
            Column("lead", _("Lead"), cell=_lead, css="subj cut", locked=True, on_card=True,
                   export=lambda row, viewer: row.lead.label),
            Column("page", _("Landing page"), cell=lambda row, viewer: cells.link("name")(row.page, viewer), css="cut",
                   on_card=True, export=lambda row, viewer: row.page.name),
            Column("new", _("New lead"), cell=cells.yes_no("is_new_lead"), width="cw-96",
                   export=lambda row, viewer: row.is_new_lead),
            Column("source", _("Source"), cell="source", css="cut", on_card=True),
            Column("utm_campaign", "utm_campaign", cell=lambda row, viewer: row.utm.get("utm_campaign", ""), css="cut",
                   default=False),
            Column("language", _("Language"), cell="language", width="cw-96", default=False),
            Column("consents", _("Agreed to"), cell=lambda row, viewer: ", ".join(map(str, row.agreed)) or "--",
                   css="cut", export=lambda row, viewer: ", ".join(map(str, row.agreed))),
            Column("sent", _("Sent"), cell=cells.moment("created_at"), sort="created_at", align="num", width="cw-96",
                   on_card=True, export=lambda row, viewer: row.created_at),
        ],
        filterset=SubmissionFilters,
        quick_filters=("page", "new"),
        default_sort="-sent",
        prepare=with_lead,
        views=[BuiltinView("all", _("All sent forms"))],
        empty=Empty(_("Nothing was sent yet"), _("What visitors of landing pages send stands here, with their lead.")),
    ),
]  # fmt: skip
