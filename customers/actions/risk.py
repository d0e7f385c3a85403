"""Saying by hand how likely the company is to lose money, or the customer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.core.translated import in_all_languages

from ..choices import RiskLevel
from ..figures.risk import compute_risk
from ..models import Customer, CustomerFacts
from .customers import locked


@action(permission="customers.credit")
def set_risk(*, actor: Actor, customer: Customer, level: str, note: str = "") -> CustomerFacts:
    """Sets the risk level by hand with the reason; an empty level gives it back to the signs. Raises `Invalid`."""
    why = clean_line(note, 200)
    if level and level not in RiskLevel.values:
        raise Invalid(fields={"level": _("Choose one of the levels")})
    if level and not why:
        raise Invalid(fields={"note": _("Say why, for whoever reads it later")})
    row = locked(actor, customer)
    facts, _is_new = CustomerFacts.objects.select_for_update(no_key=True).get_or_create(customer=row)
    why = why if level else ""
    if (facts.risk_by_hand, facts.risk_note) == (level, why):
        return facts
    before = facts.risk
    facts.risk_by_hand, facts.risk_note = level, why
    if level and level != before:
        facts.risk, facts.risk_since = level, clock.now()
    facts.save()
    compute_risk([row.pk])
    facts.refresh_from_db()
    shown = in_all_languages(RiskLevel(facts.risk).label)
    record(actor=actor, type="customers.risk_set", subject=row, data={"risk": shown, "text": facts.risk_note})
    return facts
