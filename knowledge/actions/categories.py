"""The shelves of the help centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.activity import recording
from crm.core import names
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.translated import Translated

from ..exceptions import CategoryInUse
from ..models import Category

FIELDS = frozenset({"name", "description", "slug", "icon", "order", "is_public", "parent"})


@action(permission="knowledge.manage")
def save_category(*, actor: Actor, values: Mapping[str, Any], record: Category | None = None) -> Category:
    """Adds or changes a category. Raises `Invalid`: two levels at most, no address twice."""
    if set(values) - FIELDS:
        raise Invalid
    row = (
        Category(brand=Brand.default())
        if record is None
        else Category.objects.lock().get(pk=record.pk)
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    row.name, row.description = Translated(row.name), Translated(row.description)
    row.slug = row.slug or slugify(names.sort_key(row.name.in_language("en")))[:70]
    _check(row)
    row.save()
    recording.record(actor=actor, type="knowledge.category_saved", subject=row, data={"title": dict(row.name)})
    return row


@action(permission="knowledge.manage")
def delete_category(*, actor: Actor, record: Category) -> None:
    """Removes an empty category. Raises `CategoryInUse`."""
    row = Category.objects.lock().get(pk=record.pk)
    if row.children.exists() or row.articles.model.all_objects.filter(category=row).exists():
        raise CategoryInUse
    recording.record(actor=actor, type="knowledge.category_deleted", subject=row, data={"title": dict(row.name)})
    row.delete()


def _check(row: Category) -> None:
    wrong: dict[str, object] = {}
    if not row.name:
        wrong["name"] = _("Enter a name")
    if not row.slug:
        wrong["slug"] = _("Enter an address in small letters")
    elif Category.objects.filter(slug=row.slug).exclude(pk=row.pk).exists():
        wrong["slug"] = _("Another category has this address")
    if row.parent is not None and (row.parent.pk == row.pk or row.parent.parent_id is not None):
        wrong["parent"] = _("Choose a category that stands below none")
    elif row.parent is not None and row.pk and row.children.exists():
        wrong["parent"] = _("Others stand below this one. Move them first.")
    if wrong:
        raise Invalid(fields=wrong)
