"""What was made of a record, and what a record was made from. `actions.link_records` joins the two."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db.models import Model

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import kinds

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
