"""The list of topics."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.ui.generic import cells
from crm.ui.lists import Column, Empty, ListPage

from ..models import Topic

TOPIC_LISTS = [
    ListPage(
        key="topic",
        model=Topic,
        label=_("Topics"),
        section=_("Marketing"),
        permission="campaigns.manage",
        url_name="marketing:topic_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), css="subj cut", locked=True, on_card=True,
                   export=lambda row, viewer: str(row.name)),
            Column("order", _("Order"), cell=cells.number("order"), sort="order", align="num", width="cw-96"),
            Column("is_active", _("Active"), cell=cells.yes_no("is_active"), width="cw-96", on_card=True),
        ],
        default_sort="order",
        row_url=lambda row: reverse("marketing:topic_update", args=[row.pk]),
        empty=Empty(_("No topics yet"), _("People choose among topics what they get.")),
        create_url_name="marketing:topic_create",
        create_permission="campaigns.manage",
        create_label=_("New topic"),
    )
]  # fmt: skip
