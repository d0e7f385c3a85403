"""The list of exchange rates; `lists.py` imports it."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.models import ExchangeRate
from crm.ui.generic import cells
from crm.ui.lists import Column, Empty, ListPage, Viewer, lists


class RateFilter(df.FilterSet):
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])

    class Meta:
        model = ExchangeRate
        fields: tuple[str, ...] = ()


def _currency(row: ExchangeRate, viewer: Viewer) -> Any:
    return format_html('<a href="{}" data-open>{}</a>', reverse("console:rate_update", args=[row.pk]), row.currency)


def _rate(row: ExchangeRate, viewer: Viewer) -> str:
    values = {"currency": row.currency, "rate": f"{row.rate.normalize():f}", "base": row.base}
    return _t("1 %(currency)s = %(rate)s %(base)s") % values


lists.register(
    ListPage(
        key="exchange_rate",
        model=ExchangeRate,
        label=_("Exchange rates"),
        permission="console.manage_brand",
        url_name="console:rate_list",
        columns=(
            Column("currency", _("Currency"), _currency, sort="currency", locked=True, css="subj", on_card=True),
            Column("rate", _("Rate"), _rate, on_card=True, css="nw"),
            Column(
                "valid_from", _("Valid from"), lambda row, viewer: date_format(row.valid_from, "DATE_FORMAT"),
                sort="valid_from", on_card=True, css="nw",
            ),
            Column("updated", _("Updated"), cells.moment("updated_at"), sort="updated_at", width="cw-128"),
        ),
        filterset=RateFilter,
        quick_filters=("currency",),
        default_sort="-valid_from",
        empty=Empty(
            _("No exchange rates yet"),
            _("Without a rate, amounts of another currency are left out of totals, and each total says so."),
        ),
        create_url_name="console:rate_create",
        create_permission="console.manage_brand",
        create_label=_("New rate"),
        section=_("Settings"),
    )
)  # fmt: skip
