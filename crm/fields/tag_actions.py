"""Verbs on tags: putting them on and taking them off, renaming, merging."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crm.activity.recording import kind_of
from crm.activity.recording import record as record_activity
from crm.core import names
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from .choices import TagTone
from .models import Tag, Tagging
from .tags import TagKind, tag_kinds

#: A record with more is not told apart by them.
MAX_TAGS = 20


@action()
def add_tag(*, actor: Actor, record: models.Model, name: str) -> Tag:
    """Puts a tag on a record; a new word becomes a tag for those who may make tags. Putting it on twice is once.

    Raises `Invalid`, `NotAllowed`, `NotFound` for a record outside the actor's set.
    """
    declared = _kind(actor, record)
    word = clean_line(name, 40)
    if not word:
        raise Invalid(fields={"name": _("Enter a tag")})
    tag = Tag.objects.filter(kind=declared.kind.code, name_key=names.fold(word)[:60]).first()
    if tag is None:
        if not actor.can("fields.tag"):
            raise Invalid(fields={"name": _("There is no such tag. Choose one of the list.")})
        tag, _is_new = Tag.objects.get_or_create(
            kind=declared.kind.code, name_key=names.fold(word)[:60], defaults={"name": word}
        )
    place = {"kind": declared.kind.code, "object_id": record.pk}
    if Tagging.objects.filter(**place).exclude(tag=tag).count() >= MAX_TAGS:
        raise Invalid(fields={"name": _("A record has at most %(count)s tags.") % {"count": MAX_TAGS}})
    _row, is_new = Tagging.objects.get_or_create(tag=tag, **place)
    if is_new:
        record_activity(actor=actor, type="fields.tagged", subject=record, data={"tag": tag.name})
    return tag


@action()
def remove_tag(*, actor: Actor, record: models.Model, tag: Tag) -> None:
    """Takes a tag off a record. Doing it again changes nothing. Raises `NotAllowed`, `NotFound`."""
    declared = _kind(actor, record)
    gone, _by_model = Tagging.objects.filter(tag=tag, kind=declared.kind.code, object_id=record.pk).delete()
    if gone:
        record_activity(actor=actor, type="fields.untagged", subject=record, data={"tag": tag.name})


@action(permission="fields.manage")
def save_tag(*, actor: Actor, record: Tag, values: dict[str, Any]) -> Tag:
    """Renames or recolours a tag on all its records. Raises `Invalid` for a name that another tag has."""
    row = Tag.objects.lock().get(pk=record.pk)
    row.name, row.tone = clean_line(values.get("name", row.name), 40), values.get("tone", row.tone)
    if not row.name or row.tone not in TagTone.values:
        raise Invalid(fields={"name": _("Enter a tag")})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid(fields={"name": _("There is such a tag already. Merge them instead.")}) from None
    record_activity(actor=actor, type="fields.tag_changed", subject=row, data={"tag": row.name})
    return row


@action(permission="fields.manage")
def merge_tags(*, actor: Actor, record: Tag, into: Tag) -> None:
    """Every record with the one carries the other afterwards; the one is gone. Raises `Invalid` for different kinds."""
    rows = {row.pk: row for row in Tag.objects.lock().filter(pk__in=[record.pk, into.pk])}
    if len(rows) < 2 or rows[record.pk].kind != rows[into.pk].kind:
        raise Invalid(fields={"into": _("Choose another tag of the same kind of record.")})
    has_both = Tagging.objects.filter(tag=into).values("object_id")
    Tagging.objects.filter(tag=record).exclude(object_id__in=has_both).update(tag=into)
    name = rows[record.pk].name
    rows[record.pk].delete()
    record_activity(actor=actor, type="fields.tags_merged", subject=into, data={"tag": into.name, "other": name})


def _kind(actor: Actor, record: models.Model) -> TagKind:
    """The declaration of the record's kind. Raises `NotAllowed`, `NotFound`."""
    declared = tag_kinds.get(kind_of(record).key)
    if declared is None:
        raise NotFound
    actor.require(declared.change)
    if not type(record)._default_manager.all().visible_to(actor).filter(pk=record.pk).exists():  # type: ignore[attr-defined]
        raise NotFound
    return declared
