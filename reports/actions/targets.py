"""Setting what figures of the service shall reach."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.metrics import Unit, measures
from crm.core.models import Brand
from crm.core.translated import Translated, in_all_languages

from ..models import ServiceTarget
from ..targets import TARGETED

_BOUNDS = {Unit.RATE: (Decimal("0.01"), Decimal(1)), Unit.SCORE: (Decimal(1), Decimal(5))}


@action(permission="reports.set_targets")
def set_targets(*, actor: Actor, values: Mapping[str, Decimal | None]) -> list[str]:
    """Sets targets by the key of their measure, in its unit; None takes one away. Returns the keys that changed.

    Raises `Invalid` with `fields` for a measure that has no target, a rate outside 1 to 100 %, a score outside 1 to 5.
    """
    brand = Brand.objects.lock().get(pk=Brand.default().pk)
    wrong = {
        TARGETED.get(key, key): _("Enter a value within the range") for key in values if not _fits(key, values[key])
    }
    if wrong:
        raise Invalid(fields=wrong)
    stored = {row.key: row for row in ServiceTarget.objects.all()}
    changed = [key for key, value in values.items() if value != (stored[key].value if key in stored else None)]
    for key in changed:
        value = values[key]
        if value is None:
            stored[key].delete()
        else:
            ServiceTarget.objects.update_or_create(key=key, defaults={"value": value})
    if changed:
        words = [in_all_languages(measures[key].label) for key in changed]
        figures = Translated({code: ", ".join(word[code] for word in words) for code in words[0]})
        record(actor=actor, type="reports.targets_set", subject=brand, data={"figures": figures})
    return changed


def _fits(key: str, value: Decimal | None) -> bool:
    if key not in TARGETED:
        return False
    low, high = _BOUNDS[measures[key].unit]
    return value is None or low <= value <= high
