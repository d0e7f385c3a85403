"""What an administrator decides about levels, flags and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.jobs.broker import enqueue_on_commit

from ..figures.signs import risk_signs
from ..models import LevelSettings

#: More than this no single sign may count.
MAX_POINTS = 100


@action(permission="customers.levels")
def save_level_settings(*, actor: Actor, points: Mapping[str, int], values: Mapping[str, Any]) -> LevelSettings:
    """Stores what signs count, the bounds of levels and the tasks; everything is computed anew. Raises `Invalid`."""
    wrong = {key: _("From 0 to %(most)s points") % {"most": MAX_POINTS} for key, n in points.items()
             if key not in risk_signs or not 0 <= n <= MAX_POINTS}  # fmt: skip
    if wrong:
        raise Invalid(fields={f"points_{key.replace('.', '_')}": text for key, text in wrong.items()})
    row = LevelSettings.objects.select_for_update(no_key=True).filter(pk=1).first() or LevelSettings(pk=1)
    row.points = {**row.points, **points}
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    record(actor=actor, type="customers.levels_saved", subject=Brand.default())
    enqueue_on_commit("customers.compute_levels", queue="bulk")
    return row
