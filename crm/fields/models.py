"""Custom fields: what an administrator wants to know about a record beyond its own columns."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import names
from crm.core.actor import Actor
from crm.core.models import BaseModel
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet
from crm.core.sockets import Kind, kinds
from crm.core.translated import Translated, TranslatedField

from .choices import OPTION_TYPES, FieldType, TagTone

valid_key = RegexValidator(
    r"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\Z",
    _("Use small letters, digits and single underscores, and begin with a letter, such as order_number"),
)


class CustomFieldQuerySet(CatalogueQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Staff see all; anybody else the fields in use that are not for staff only."""
        if actor.is_staff or actor.is_system:
            return self
        return self.filter(is_active=True, is_staff_only=False)

    def of_kind(self, key: str) -> Self:
        """The fields of a Kind key, such as "ticket"."""
        return self.filter(kind=kinds[key].code)

    def active(self) -> Self:
        return self.filter(is_active=True)


class CustomField(BaseModel):
    """One thing to know about every record of a kind; the answer is `record.custom[field.key]`, plain JSON.

    kind: the Kind code of the record. key: never changes. options: [{"value", "en", "zh-hans"}], with
    "is_active": false for one that is no longer offered but still named. is_listed: a column, filter and
    condition. is_indexed: an index was asked for; index_ready: it stands, so that lists may sort by it.
    """

    kind = models.SmallIntegerField(_("record"), editable=False)
    key = models.CharField(_("key"), max_length=40, validators=[valid_key])
    name = TranslatedField(_("name"), max_length=80)
    help = TranslatedField(_("help"), max_length=200, blank=True)
    type = models.CharField(_("kind of answer"), max_length=16, choices=FieldType.choices, default=FieldType.TEXT)
    options = models.JSONField(_("choices"), default=list, blank=True)
    is_staff_only = models.BooleanField(_("for staff only"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_listed = models.BooleanField(_("in lists, filters and conditions"), default=True)
    is_indexed = models.BooleanField(_("fast to sort and filter"), default=False)
    index_ready = models.BooleanField(default=False, editable=False)
    order = models.SmallIntegerField(_("order"), default=50)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="one_custom_field_per_key",
                violation_error_message=_("Another field of these records has this key. Choose another."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def record_kind(self) -> Kind | None:
        """The kind of its records, None when that app is gone."""
        found: Kind | None = kinds.by_code(self.kind)
        return found

    @property
    def has_options(self) -> bool:
        return self.type in OPTION_TYPES

    @property
    def wants_index(self) -> bool:
        """Whether an index should stand."""
        return self.is_indexed and self.is_active

    def choices(self, *, all: bool = False) -> Iterator[tuple[str, Translated]]:
        """(value, label) of the options on offer; all: those no longer offered too."""
        for option in self.options:
            if all or option.get("is_active", True):
                yield option["value"], option_label(option)

    def option_label(self, value: Any) -> str:
        """The option's text in the active language; the value itself when the option is gone."""
        return next((str(label) for key, label in self.choices(all=True) if key == value), str(value))


def option_label(option: Mapping[str, Any]) -> Translated:
    """An option's texts by language."""
    return Translated({code: text for code, text in option.items() if code not in {"value", "is_active"}})


class FieldsVersion(models.Model):
    """One row whose stamp changes with every change of a custom field, so that each process notices."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_fields_version")]


class Tag(BaseModel):
    """A word that people put on records of one kind. name_key: folded, so that VIP and vip are one."""

    kind = models.SmallIntegerField()
    name = models.CharField(_("name"), max_length=40)
    name_key = models.CharField(max_length=60, editable=False)
    tone = models.CharField(_("colour"), max_length=8, choices=TagTone.choices, default=TagTone.NEUTRAL)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["kind", "name_key"], name="one_tag_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.fold(self.name)[:60]
        super().save(*args, **kwargs)

    @property
    def kind_label(self) -> Any:
        """What carries it, such as "Customers"."""
        entry: Kind | None = kinds.by_code(self.kind)
        return entry.label_plural if entry else "--"


class Tagging(models.Model):
    """A tag on a record. Seen with the record: read it through rows that the viewer sees."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["object_id", "kind", "tag"], name="one_tag_once_a_record")]
        indexes = [models.Index(fields=["tag", "object_id"], name="tagging_by_tag")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
