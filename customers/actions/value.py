"""Saying by hand what a customer is worth."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.core.translated import in_all_languages

from ..choices import ValueLevel
from ..figures.analysis import compute_facts
from ..models import Customer, CustomerFacts
from .customers import locked


@action(permission="customers.update")
def set_value(*, actor: Actor, customer: Customer, level: str, note: str = "") -> CustomerFacts:
    """Sets the value level by hand with the reason; an empty level gives it back to the purchases. Raises `Invalid`."""
    why = clean_line(note, 200)
    if level and level not in ValueLevel.values:
        raise Invalid(fields={"level": _("Choose one of the values")})
    if level and not why:
        raise Invalid(fields={"note": _("Say why, for whoever reads it later")})
    row = locked(actor, customer)
    facts, _is_new = CustomerFacts.objects.select_for_update(no_key=True).get_or_create(customer=row)
    if (facts.value_by_hand, facts.value_note) == (level, why):
        return facts
    facts.value_by_hand, facts.value_note = level, why if level else ""
    facts.value = level
    facts.save()
    compute_facts([row.pk])
    facts.refresh_from_db()
    shown = in_all_languages(ValueLevel(facts.value).label) if facts.value else "--"
    record(actor=actor, type="customers.value_set", subject=row, data={"value": shown, "text": facts.value_note})
    return facts
