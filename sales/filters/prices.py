"""Ways to narrow the list of prices."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from ..models import PriceList, PriceListItem


def _lists() -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in PriceList.objects.order_by("order", "pk")]


class ListPriceFilters(df.FilterSet):
    price_list = df.ChoiceFilter(label=_("Price list"), choices=_lists, field_name="price_list_id")
    valid = df.BooleanFilter(label=_("Holds today"), method="by_validity")

    class Meta:
        model = PriceListItem
        fields: list[str] = []

    def by_validity(self, rows: Any, name: str, value: bool) -> Any:
        from crm.core import clock

        holding = PriceList.objects.on(clock.today()).order_by().values("pk")
        return rows.filter(price_list__in=holding) if value else rows.exclude(price_list__in=holding)
