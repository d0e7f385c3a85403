"""The list of custom fields."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.fields.choices import FieldType
from crm.fields.models import CustomField
from crm.fields.selectors import COUNT_CAP, with_usage
from crm.fields.settings_forms import kind_choices
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer, lists


class CustomFieldFilter(df.FilterSet):
    kind = df.TypedChoiceFilter(label=_("Record"), choices=kind_choices, coerce=int)
    type = df.MultipleChoiceFilter(label=_("Kind of answer"), choices=FieldType.choices)
    active = df.BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = CustomField
        fields: tuple[str, ...] = ()


def _record(field: CustomField, _viewer: Viewer) -> Any:
    return field.record_kind.label if field.record_kind else html.EMPTY


def _used(field: Any, _viewer: Viewer) -> str:
    return f"{COUNT_CAP:,}+" if field.usage > COUNT_CAP else f"{field.usage:,}"


def _speed(field: CustomField, _viewer: Viewer) -> Any:
    if not field.wants_index:
        return html.EMPTY
    return html.badge(_t("Yes"), "success") if field.index_ready else html.badge(_t("Being built"), "info")


def _find(rows: Any, text: str, actor: Any) -> Any:
    from .people import find_translated

    return find_translated(rows, text, actor) | rows.filter(key__icontains=text)


lists.register(
    ListPage(
        key="custom_field",
        model=CustomField,
        label=_("Custom fields"),
        permission="fields.manage",
        url_name="console:custom_field_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), locked=True, css="subj cut", on_card=True),
            Column("key", _("Key"), sort="key", css="cut", width="cw-160"),
            Column("record", _("Record"), _record, on_card=True, width="cw-88"),
            Column("type", _("Kind of answer"), "get_type_display", sort="type", on_card=True, width="cw-160"),
            Column("usage", pgettext_lazy("custom field", "Answers"), _used, align="num", width="cw-80"),
            Column("listed", _("In lists"), cells.yes_no("is_listed"), width="cw-80"),
            Column("staff_only", _("For staff only"), cells.yes_no("is_staff_only"), width="cw-128"),
            Column("indexed", _("Fast"), _speed, width="cw-88"),
            Column("active", _("Active"), cells.yes_no("is_active"), default=False, width="cw-80"),
            Column("order", _("Order"), sort="order", align="num", width="cw-80"),
            Column("updated", _("Updated"), cells.moment("updated_at"), sort="updated_at", align="num", default=False),
        ),
        filterset=CustomFieldFilter,
        quick_filters=("kind", "active"),
        search=_find,
        search_hint=_("Name or key"),
        default_sort="order",
        prepare=lambda rows, actor: with_usage(rows),
        views=(
            BuiltinView("active", _("In use"), {"active": "true"}),
            BuiltinView("off", _("Switched off"), {"active": "false"}),
            BuiltinView("all", _("All")),
        ),
        empty=Empty(
            _("No custom fields yet"),
            _("Ask for what your work needs to know, such as an order number, a room or a device."),
        ),
        create_url_name="console:custom_field_create",
        create_permission="fields.manage",
        create_label=_("New field"),
        section=_("Settings"),
    )
)
