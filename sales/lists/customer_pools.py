"""The list of customers in pools; `lists` registers it."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..models import OwnerSpan, Pool, PooledCustomer

_PLACES = [("pool", _("In the pool")), ("held", _("Held by somebody"))]


def _pools() -> list[tuple[str, Any]]:
    return [(str(pool.pk), str(pool)) for pool in Pool.objects.for_customers()]


class PooledCustomerFilters(df.FilterSet):
    place = df.ChoiceFilter(label=_("Place"), choices=_PLACES, method="by_place")
    pool = df.MultipleChoiceFilter(label=_("Pool"), choices=_pools)

    class Meta:
        model = PooledCustomer
        fields: list[str] = []

    def by_place(self, rows: Any, name: str, value: str) -> Any:
        return rows.lying() if value == "pool" else rows.held()


def name_cell(row: PooledCustomer, viewer: Viewer) -> Any:
    """The name; a link once somebody holds it, since what lies in a pool is shown in outline."""
    if row.customer.owner_id is None:
        return row.customer.name
    return cells.link("name")(row.customer, viewer)


def claim_cell(row: PooledCustomer, viewer: Viewer) -> Any:
    """Who holds it, or the button that claims it."""
    if row.customer.owner is not None:
        return cells.person("owner")(row.customer, viewer)
    address = reverse("pools:customer_claim", args=[row.pk])
    return format_html('<a class="btn btn-sm" href="{}">{}</a>', address, _t("Claim"))


def prepare(rows: Any, actor: Actor) -> Any:
    spans = OwnerSpan.objects.filter(kind=kinds["customer"].code, object_id=OuterRef("customer_id"))
    before = spans.filter(ended_at__isnull=False).order_by("-ended_at", "-pk").values("user__name")[:1]
    return rows.select_related("customer__owner", "pool").annotate(before=Subquery(before))


CUSTOMER_POOL_LISTS = [
    ListPage(
        key="pooled_customer",
        model=PooledCustomer,
        label=_("Customer pool"),
        section=_("Sales"),
        permission="leads.claim",
        url_name="pools:customer_list",
        columns=[
            Column("name", _("Name"), cell=name_cell, sort="customer__sort_key", css="subj cut", locked=True,
                   on_card=True, export=lambda row, viewer: row.customer.name),
            Column("holder", _("Owner"), cell=claim_cell, width="cw-128", on_card=True,
                   export=lambda row, viewer: row.customer.owner.name if row.customer.owner else ""),
            Column("pool", _("Pool"), width="cw-128", on_card=True),
            Column("industry", _("Industry"), cell="customer.industry", css="cut"),
            Column("stage", _("Lifecycle stage"), cell="customer.get_stage_display", width="cw-128"),
            Column("talked", _("Last follow-up"), cell=cells.moment("customer.last_interaction_at"), width="cw-128",
                   default=False),
            Column("before", _("Held before by"), css="cut"),
            Column("put", _("In the pool since"), cell=cells.moment("put_at"), sort="put_at", align="num",
                   width="cw-128"),
            Column("returns", _("Goes back"), cell=cells.moment("returns_at"), sort="returns_at", align="num",
                   width="cw-128"),
        ],
        filterset=PooledCustomerFilters,
        quick_filters=("place", "pool"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name or pinyin"),
        export_permission="customers.export",
        default_sort="-put",
        prepare=prepare,
        views=[
            BuiltinView("pool", _("In the pool"), {"place": "pool"}),
            BuiltinView("held", _("Held"), {"place": "held"}, sort="returns"),
            BuiltinView("all", _("All")),
        ],
        empty=Empty(_("Nothing in the pool"),
                    _("Customers without an owner lie here for whoever claims them first. Put one in on its page.")),
    )
]  # fmt: skip
