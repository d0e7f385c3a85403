"""Price lists among the settings, and the prices themselves for everybody who makes offers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.conditions.sentences import sentence
from crm.core import clock, money
from crm.core.actor import Actor
from crm.ui import html
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer
from crm.ui.rules import RuleList, changed_column, order_column, prepared, switch_column

from ..actions.prices import MANAGE, save_price_list
from ..filters.prices import ListPriceFilters
from ..models import PriceList, PriceListItem


def validity(row: PriceList) -> str:
    """From when to when, in words."""
    first = date_format(row.valid_from, "DATE_FORMAT") if row.valid_from else ""
    last = date_format(row.valid_to, "DATE_FORMAT") if row.valid_to else ""
    if first and last:
        return _t("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _t("from %(first)s") % {"first": first}
    return _t("until %(last)s") % {"last": last} if last else _t("always")


def _name(row: PriceList, viewer: Viewer) -> Any:
    url = reverse("salesdesk:price_list_update", args=[row.pk])
    return format_html('<a href="{}" data-open{}>{}</a>', url, html.lang_attribute(str(row)), row)


def _for_whom(row: PriceList, viewer: Viewer) -> str:
    return sentence(row.condition, on="customer", viewer=viewer.actor) if row.condition else _t("All customers.")


def _validity(row: PriceList, viewer: Viewer) -> Any:
    is_over = row.valid_to is not None and row.valid_to < clock.today()
    return html.badge(validity(row), "caution") if is_over else validity(row)


def _prices(row: Any, viewer: Viewer) -> Any:
    url = f"{reverse('prices:list_price_list')}?price_list={row.pk}"
    return format_html('<a class="app-link" href="{}">{}</a>', url, number_format(row.prices, force_grouping=True))


def _product(row: PriceListItem, viewer: Viewer) -> Any:
    name = str(row.product.name)
    if not viewer.actor.can(MANAGE):
        return format_html("<span{}>{}</span>", html.lang_attribute(name), name)
    url = reverse("salesdesk:list_price_update", args=[row.pk])
    return format_html('<a href="{}" data-open{}>{}</a>', url, html.lang_attribute(name), name)


def _unit_price(row: PriceListItem, viewer: Viewer) -> str:
    return money.shown(row.unit_price, row.price_list.currency)


def _search(rows: Any, text: str, actor: Actor) -> Any:
    from customers.models import Product

    return rows.filter(product__in=Product.objects.matching(text))


PRICE_RULES = [
    RuleList(
        "price_list", lambda actor, row, values: save_price_list(actor=actor, values=values, record=row),
        lambda actor, row: actor.can(MANAGE),
    )
]  # fmt: skip

PRICE_LISTS = [
    ListPage(
        key="price_list", model=PriceList, label=_("Price lists"), permission=MANAGE,
        url_name="salesdesk:price_list_list", section=_("Settings"),
        columns=[
            Column("name", _("Name"), cell=_name, css="subj cut", locked=True, on_card=True),
            Column("sentence", _("For which customers"), cell=_for_whom, css="c-sentence", on_card=True),
            Column("currency", _("Currency"), width="cw-80", on_card=True),
            Column("valid", _("Valid"), cell=_validity, css="nw", on_card=True),
            Column("prices", _("Prices"), cell=_prices, align="num", width="cw-80", on_card=True),
            changed_column(), order_column("price_list"), switch_column("price_list"),
        ],
        default_sort="order",
        prepare=prepared("price_list", lambda rows, actor: rows.annotate(prices=Count("items"))),
        empty=Empty(
            _("No price lists yet"),
            _("Without one, the product's own price is offered. Lists know customers, dates and quantities."),
        ),
        create_url_name="salesdesk:price_list_create", create_permission=MANAGE, create_label=_("New price list"),
    ),
    ListPage(
        key="price_list_item", model=PriceListItem, label=_("List prices"), permission="quotes.view",
        url_name="prices:list_price_list", section=_("Sales"),
        columns=[
            Column("code", _("Code"), cell="product.code", sort="product__code", css="nw", width="cw-128"),
            Column("product", _("Product"), cell=_product, sort="product__sort_key", css="subj cut", locked=True,
                   on_card=True),
            Column("list", _("Price list"), cell="price_list", on_card=True, css="cut"),
            Column("valid", _("Valid"), cell=lambda row, viewer: validity(row.price_list), css="nw"),
            Column("min_quantity", _("From quantity"), cell=lambda row, viewer: f"{row.min_quantity.normalize():f}",
                   align="num", on_card=True),
            Column("unit_price", _("Unit price"), cell=_unit_price, align="num", on_card=True),
            Column("tax", pgettext_lazy("price", "Tax"), align="num",
                   cell=lambda row, viewer: _t("included") if row.price_list.tax_included else _t("extra")),
        ],
        filterset=ListPriceFilters, quick_filters=("price_list", "valid"),
        search=_search, search_hint=_("Product or code"), default_sort="product",
        prepare=lambda rows, actor: rows.select_related("product", "price_list"),
        views=(
            BuiltinView("valid", _("Hold today"), {"valid": "true"}),
            BuiltinView("all", _("All list prices"), {}),
        ),
        empty=Empty(_("No list prices yet"), _("What products cost for which customers and from which quantity on.")),
        create_url_name="salesdesk:list_price_create", create_permission=MANAGE, create_label=_("New price"),
    ),
]  # fmt: skip
