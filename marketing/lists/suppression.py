"""The list of addresses that get no campaign."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from crm.ui.generic import cells
from crm.ui.lists import Column, Empty, ListPage, Viewer

from ..choices.campaigns import SuppressedChannel, SuppressedFor
from ..models import Suppression


class SuppressionFilters(df.FilterSet):
    reason = df.MultipleChoiceFilter(label=_("Reason"), choices=SuppressedFor.choices)
    channel = df.ChoiceFilter(label=_("Channel"), choices=SuppressedChannel.choices)

    class Meta:
        model = Suppression
        fields: list[str] = []


def _address(row: Suppression, viewer: Viewer) -> Any:
    """In full for those who may see addresses."""
    return cells.link("address" if viewer.actor.can("customers.reveal") else "__str__")(row, viewer)


SUPPRESSION_LISTS = [
    ListPage(
        key="suppression",
        model=Suppression,
        label=_("Suppression list"),
        section=_("Marketing"),
        permission="campaigns.suppress",
        url_name="marketing:suppression_list",
        columns=[
            Column("address", _("Address"), cell=_address, css="subj cut", locked=True, on_card=True),
            Column("channel", _("Channel"), cell="get_channel_display", width="cw-112"),
            Column("reason", _("Reason"), cell="get_reason_display", width="cw-160", on_card=True),
            Column("note", _("Note"), css="cut"),
            Column("campaign", _("Campaign"), cell="campaign.name", css="cut"),
            Column("added_by", _("Added by"), cell="added_by.name", width="cw-128", default=False),
            Column("created", _("Added"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.created_at),
        ],
        filterset=SuppressionFilters,
        quick_filters=("reason", "channel"),
        search=lambda rows, text, actor: rows.matching(text, pieces=actor.can("customers.reveal")),
        search_hint=_("Whole address"),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("campaign", "added_by"),
        empty=Empty(_("Nothing is suppressed"), _("Addresses that came back for good, and those you add.")),
        create_url_name="marketing:suppression_create",
        create_permission="campaigns.suppress",
        create_label=_("Add an address"),
        row_url=None,
    )
]  # fmt: skip
