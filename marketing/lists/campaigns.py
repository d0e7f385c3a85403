"""The list of campaigns, and the one of the people of campaigns."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.ui.generic import cells
from crm.ui.html import EMPTY_HTML
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer
from customers.recognising.identities import masked_email, masked_phone

from ..choices.campaigns import BEGUN, REACHED, TONES, CampaignKind, CampaignState, Reason, RecipientState, ResponseKind
from ..models import Campaign, Recipient, Response
from ..percents import percent
from .deeds import DID, WORDS


class CampaignFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=CampaignState.choices)
    kind = df.MultipleChoiceFilter(label=_("Kind"), choices=[(kind.value, kind.label) for kind in BEGUN])
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")
    sent_from = df.IsoDateTimeFilter(label=_("Sent from"), field_name="sent_at", lookup_expr="gte")
    sent_to = df.IsoDateTimeFilter(label=_("Sent before"), field_name="sent_at", lookup_expr="lt")

    class Meta:
        model = Campaign
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id or 0)


class RecipientFilters(df.FilterSet):
    """did: what figures link to; an address without a campaign shows everybody's."""

    campaign = df.NumberFilter(label=_("Campaign number"), field_name="campaign_id")
    kind = df.MultipleChoiceFilter(
        label=_("Kind of campaign"), field_name="campaign__kind", choices=CampaignKind.choices
    )
    state = df.MultipleChoiceFilter(label=_("State"), choices=RecipientState.choices)
    reason = df.MultipleChoiceFilter(label=_("Why left out"), choices=Reason.choices)
    did = df.ChoiceFilter(label=_("What happened"), choices=WORDS, method="by_deed")
    link = df.NumberFilter(label=_("Link number"), method="by_link")
    sent_from = df.IsoDateTimeFilter(label=_("Sent from"), field_name="campaign__sent_at", lookup_expr="gte")
    sent_to = df.IsoDateTimeFilter(label=_("Sent before"), field_name="campaign__sent_at", lookup_expr="lt")

    class Meta:
        model = Recipient
        fields: list[str] = []

    def by_deed(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(DID[value])

    def by_link(self, rows: Any, name: str, value: Any) -> Any:
        clicks = Response.objects.human().filter(recipient=OuterRef("pk"), kind=ResponseKind.CLICK, link=int(value))
        return rows.filter(Exists(clicks))


def tone(row: Campaign) -> str:
    """The tone of a campaign's state."""
    return TONES[CampaignState(row.state)]


def recipient_tone(row: Recipient) -> str:
    """The tone of a recipient's state."""
    tones = {"sent": "success", "failed": "danger", "queued": "info", "dropped": "caution"}
    return tones.get(row.state, "neutral")


def _rate(name: str) -> Any:
    def cell(row: Any, viewer: Viewer) -> Any:
        base, part = row.delivered_count, getattr(row, f"{name}_count")
        return percent(part, base) or EMPTY_HTML

    return cell


def _count(**conditions: Any) -> Any:
    rows = Recipient.objects.filter(campaign=OuterRef("pk"), **conditions).order_by().values("campaign")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())


def _with_counts(rows: Any, actor: Any) -> Any:
    """What a row shows of its results."""
    return rows.select_related("owner").annotate(
        sent_count=_count(state__in=REACHED), delivered_count=_count(state=RecipientState.SENT),
        opened_count=_count(opened_at__isnull=False), clicked_count=_count(clicked_at__isnull=False),
    )  # fmt: skip


def _address(row: Recipient, viewer: Viewer) -> str:
    """In full for those who may see addresses."""
    if viewer.actor.can("customers.reveal"):
        return row.address
    return masked_email(row.address) if "@" in row.address else masked_phone(row.address) if row.address else ""


def _of(path: str) -> Any:
    return lambda row, viewer: cells.link("name")(getattr(row, path), viewer)


CAMPAIGN_LISTS = [
    ListPage(
        key="campaign",
        model=Campaign,
        label=_("Campaigns"),
        section=_("Marketing"),
        permission="campaigns.view",
        url_name="marketing:campaign_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True,
                   on_card=True),
            Column("kind", _("Kind"), cell="get_kind_display", width="cw-112", on_card=True),
            Column("state", _("State"), cell=cells.badge("get_state_display", tone), width="cw-112", on_card=True,
                   export=lambda row, viewer: row.get_state_display()),
            Column("send_at", _("Send at"), cell=cells.moment("send_at"), sort="send_at", align="num", width="cw-112",
                   export=lambda row, viewer: row.send_at),
            Column("sent", pgettext_lazy("people", "Sent"), cell=cells.number("sent_count"), align="num",
                   width="cw-80"),
            Column("opened", _("Opened"), cell=_rate("opened"), align="num", width="cw-80"),
            Column("clicked", _("Clicked"), cell=_rate("clicked"), align="num", width="cw-80"),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-160",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.created_at),
        ],
        filterset=CampaignFilters,
        base=lambda rows: rows.exclude(kind=CampaignKind.STEP),
        quick_filters=("state", "kind", "whose"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name or number"),
        default_sort="-created",
        prepare=_with_counts,
        date_jump="created",
        views=[
            BuiltinView("all", _("All campaigns")),
            BuiltinView("mine", _("My campaigns"), {"whose": "me"}),
            BuiltinView("drafts", _("In preparation"), {"state": ["draft", "approval"]}),
            BuiltinView("going", _("Under way"), {"state": ["scheduled", "sending", "paused"]}, sort="send_at"),
            BuiltinView("sent", _("With results"), {"state": ["sent", "finished"]}),
        ],
        empty=Empty(_("No campaigns yet"), _("Say something to everybody of a segment, and see what comes of it.")),
        create_url_name="marketing:campaign_create",
        create_permission="campaigns.create",
        create_label=_("New campaign"),
    ),
    ListPage(
        key="recipient",
        model=Recipient,
        label=_("Recipients of campaigns"),
        section=_("Marketing"),
        permission="campaigns.view",
        url_name="marketing:recipient_list",
        columns=[
            Column("contact", _("Person"), cell=_of("contact"), css="subj cut", locked=True, on_card=True,
                   export=lambda row, viewer: row.contact.name),
            Column("customer", _("Customer"), cell=_of("customer"), css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("campaign", _("Campaign"), cell=_of("campaign"), css="cut",
                   export=lambda row, viewer: row.campaign.name),
            Column("address", _("Address"), cell=_address, css="cut", export=_address),
            Column("state", _("State"), cell=cells.badge("get_state_display", recipient_tone), width="cw-128",
                   on_card=True, export=lambda row, viewer: row.get_state_display()),
            Column("reason", _("Why left out"), cell="get_reason_display", css="cut"),
            Column("sent_at", pgettext_lazy("moment", "Sent"), cell=cells.moment("sent_at"), sort="sent_at",
                   align="num", width="cw-96", export=lambda row, viewer: row.sent_at),
            Column("opened_at", _("Opened"), cell=cells.moment("opened_at"), align="num", width="cw-96",
                   export=lambda row, viewer: row.opened_at),
            Column("clicked_at", _("Clicked"), cell=cells.moment("clicked_at"), align="num", width="cw-96",
                   export=lambda row, viewer: row.clicked_at),
            Column("error", _("Error"), default=False, css="cut"),
            Column("language", _("Language"), default=False, width="cw-80"),
            Column("number", _("Number"), cell=cells.number("pk"), sort="pk", align="num", width="cw-80",
                   default=False),
        ],
        filterset=RecipientFilters,
        quick_filters=("did", "state", "reason"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Person, customer or whole address"),
        default_sort="-number",
        prepare=lambda rows, actor: rows.select_related("campaign", "contact", "customer"),
        row_url=lambda row: cells.url_of(row.contact),
        empty=Empty(_("Nobody got a campaign yet"), _("People appear here when a campaign starts.")),
    ),
]  # fmt: skip
