"""The socket of custom fields: which kinds of records take them. Fill `<app>/fields.py`.

    custom_kinds.register(CustomKind("ticket", permission="tickets.view"))

The record needs a JSON column `custom`; everything else (settings screen, columns, filters, conditions, export)
follows from the declaration.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from crm.core.registry import Registry, RegistryError
from crm.core.sockets import ALL_REGISTRIES, Kind, kinds

#: The JSON column of every record that takes custom fields.
COLUMN = "custom"


@dataclass(frozen=True, slots=True)
class CustomKind:
    """A kind of record with custom fields. key: its Kind key. permission: what whoever asks about the answers needs."""

    key: str
    permission: str
    order: int = 50

    @property
    def kind(self) -> Kind:
        found: Kind = kinds[self.key]
        return found

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.kind.model)


class CustomKindRegistry(Registry[CustomKind]):
    """Custom kinds by Kind key; a record without the column is found at start."""

    def freeze(self) -> None:
        super().freeze()
        for entry in self:
            if COLUMN not in {field.name for field in entry.model._meta.concrete_fields}:
                raise RegistryError(f"custom kinds: {entry.kind.model} has no column {COLUMN!r}")

    def by_code(self, code: int) -> CustomKind | None:
        """The entry of a stored kind, None when its app is gone."""
        return next((entry for entry in self if entry.kind.code == code), None)

    def of_model(self, model: type[Model]) -> CustomKind | None:
        """The entry whose records these are, None for a model without custom fields."""
        return next((entry for entry in self if entry.model is model._meta.concrete_model), None)


custom_kinds = CustomKindRegistry("custom kinds")
ALL_REGISTRIES.append(custom_kinds)
