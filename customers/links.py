"""What was made of a record, and what a record was made from. `actions.link_records` joins the two."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.apps import apps
from django.db.models import Model, Q

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.core.text import row_id

from .models import Link


def sources_of(viewer: Actor, target: Model) -> list[Model]:
    """What a record was made from, as far as the viewer may open it. One query, and one a kind."""
    rows = Link.objects.filter(target_kind=kind_of(target).code, target_id=target.pk).order_by("pk")
    found: list[Model] = []
    for code, pk in rows.values_list("source_kind", "source_id"):
        kind = kinds.by_code(code)
        if kind is not None:
            model = apps.get_model(kind.model)
            found += model._default_manager.all().visible_to(viewer).filter(pk=pk)  # type: ignore[attr-defined]
    return found


def targets_of(source: Model, kind: str) -> Sequence[int]:
    """The ids of the records of a kind that were made from a record. One query."""
    rows = Link.objects.filter(source_kind=kind_of(source).code, source_id=source.pk, target_kind=kinds[kind].code)
    return list(rows.values_list("target_id", flat=True))


def linked_ids(record: Model, kind: str) -> list[int]:
    """The ids of the records of a kind that were made from a record, or that it was made from. One query."""
    code, other = kind_of(record).code, kinds[kind].code
    made = Q(source_kind=code, source_id=record.pk, target_kind=other)
    makers = Q(target_kind=code, target_id=record.pk, source_kind=other)
    rows = Link.objects.filter(made | makers).order_by("pk").values_list("source_kind", "source_id", "target_id")
    return [target if (source_kind, source) == (code, record.pk) else source for source_kind, source, target in rows]


def name_of(record: Model) -> str:
    """The record as an address names it: "ticket:4711"."""
    return f"{kind_of(record).key}:{record.pk}"


def record_named(viewer: Actor, name: str, among: Collection[str]) -> Model | None:
    """The record of that name in the viewer's set, if its kind is among those; None for any other text."""
    key, _colon, text = name.partition(":")
    kind, pk = kinds.get(key), row_id(text)
    if kind is None or key not in among or pk is None:
        return None
    rows = apps.get_model(kind.model)._default_manager.all().visible_to(viewer)  # type: ignore[attr-defined]
    found: Model | None = rows.filter(pk=pk).first()
    return found
