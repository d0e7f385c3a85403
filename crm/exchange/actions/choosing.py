"""Columns are chosen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady

from .. import mapping as columns
from ..choices import DateOrder, Existing, State
from ..models import ChosenColumns, Import
from ._locking import declared, locked
from .receiving import is_open


@action(permission="exchange.use")
def choose_columns(
    *, actor: Actor, record: Import, mapping: Mapping[str, str], existing: str, date_order: str
) -> Import:
    """Says which column of the file is what, and what becomes of records that are there; remembered for the next file.

    mapping: place in the file, as text → column key, "" to leave it out. Raises `Invalid`, `NotFound`, `NotReady`.
    """
    row = locked(actor, record)
    importer = declared(actor, row)
    if not is_open(row):
        raise NotReady(_("This import has begun. Its columns can no longer be changed."))
    if existing not in Existing.values or date_order not in DateOrder.values:
        raise Invalid
    if existing == Existing.MAKE and not importer.may_make:
        raise Invalid(fields={"existing": _("These records are known by a number of their own: there is only one")})
    row.mapping = columns.checked(importer, row.headings, mapping)
    row.existing, row.date_order = existing, date_order
    row.state, row.checked = State.DRAFT, {}
    row.save()
    chosen = {
        columns.folded(heading): row.mapping.get(str(place), "")
        for place, heading in enumerate(row.headings) if heading
    }  # fmt: skip
    before, _made = ChosenColumns.objects.get_or_create(user_id=actor.user_id or 0, importer=importer.key)
    before.columns = {**dict(list(before.columns.items())[-400:]), **chosen}
    before.save()
    return row
