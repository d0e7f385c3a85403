"""Settings › Custom fields: what is kept about records beyond their own columns."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.fields import actions
from crm.fields.models import CustomField
from crm.fields.selectors import COUNT_CAP, usage
from crm.fields.settings_forms import CustomFieldForm, NewCustomFieldForm, rows_of
from crm.ui.views.generic import CreateView, ListView, UpdateView

from .intro import intro

MANAGE = "fields.manage"


class CustomFieldListView(ListView):
    """GET /settings/fields/."""

    permission = MANAGE
    page = "custom_field"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("custom_fields")


class _Options:
    """The form keeps choices by place, the action takes them in order; both return to the list."""

    template_name = "console/custom_field.html"

    def perform(self, values: dict[str, Any]) -> Any:
        if "options" in values:
            values = {**values, "options": rows_of(values["options"])}
        return super().perform(values)  # type: ignore[misc]

    def url_of(self, record: Any) -> str:
        return reverse("console:custom_field_list")


class CustomFieldCreateView(_Options, CreateView):
    permission = MANAGE
    model = CustomField
    form_class = NewCustomFieldForm
    action = actions.save_custom_field
    title = _("New custom field")
    button = _("Create field")

    def initial(self) -> dict[str, Any]:
        return {"is_listed": True, "is_active": True}


class CustomFieldUpdateView(_Options, UpdateView):
    permission = MANAGE
    model = CustomField
    form_class = CustomFieldForm
    action = actions.save_custom_field

    def extra(self) -> dict[str, Any]:
        return {"field": self.object, "used": used_in_words(self.object)}


def used_in_words(field: CustomField) -> str:
    """How many records answer a field."""
    count = usage(field)
    if count > COUNT_CAP:
        return _t("More than %(count)s records answer it.") % {"count": f"{COUNT_CAP:,}"}
    if not count:
        return _t("No record answers it yet.")
    return ngettext("%(count)s record answers it.", "%(count)s records answer it.", count) % {"count": count}
