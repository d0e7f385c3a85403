"""The import of a verb, fresh and locked, with its declaration."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady

from ..declarations import Importer, importers
from ..models import Import


def locked(actor: Actor, record: Import) -> Import:
    """Out of the actor's set. Raises `NotFound`."""
    row: Import | None = Import.objects.visible_to(actor).lock().filter(pk=record.pk).first()
    if row is None:
        raise NotFound
    return row


def declared(actor: Actor, record: Import) -> Importer:
    """Its declaration, for an actor who may use it. Raises `NotAllowed`, `NotReady` when its app is switched off."""
    importer = importers.offered(record.importer)
    if importer is None:
        raise NotReady(_("The app of these records is switched off."))
    actor.require(importer.permission)
    return importer


def with_rows(record: Import) -> None:
    """Raises `NotReady` when the rows are no longer kept."""
    if not record.path:
        raise NotReady(_("The rows of this file are no longer kept. Send the file again."))
