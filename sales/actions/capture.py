"""Leads that come in by themselves: the contact form and landing pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.text import clean_line, excerpt
from crm.core.translated import in_all_languages
from crm.fields.records import store_answers
from crm.jobs import idempotency
from customers.actions.recognition import lock_words

from ..choices.leads import LeadEventKind, LeadSource
from ..exceptions.leads import FormClosed
from ..models import Lead, LeadEvent, LeadSettings
from ..selectors.leads import same_leads
from .holding import reckon
from .lead_entry import NewLead, place_leads
from .lead_scores import score_lead
from .leads import require_address, split_values

#: Parts of an address that tell which campaign led somebody here.
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
#: Of the idempotency keys of forms.
ROUTE = "leads.capture"


@action()
def capture_lead(
    *,
    actor: Actor,
    brand: Brand,
    form_key: str,
    values: Mapping[str, Any],
    utm: Mapping[str, str] | None = None,
    source: LeadSource = LeadSource.WEB_FORM,
) -> Lead:
    """Stores what a visitor sent: a new lead, or a sign of interest on the open one with the same mail or phone.

    A known lead keeps what it says; what the visitor adds fills empty fields only, and the new message stands on its
    timeline. utm: of this visit; the lead keeps its first and, once it comes again, its last. source: the lead desk
    may close the contact form, which closes no landing page. The same form_key gives the first answer again. Two
    simultaneous forms of one newcomer make one lead.
    Raises `FormClosed`, `Invalid`, `NeedsAddress`, and `Conflict` for a key that came with other content.
    """
    settings = LeadSettings.objects.get(brand=brand)
    if source == LeadSource.WEB_FORM and not settings.is_form_open:
        raise FormClosed
    earlier = idempotency.begin(route=ROUTE, actor="guest", key=form_key, body=dict(values))
    if earlier is not None:
        return Lead.all_objects.get(pk=earlier.answer["lead"])
    fields, answers = split_values(values)
    for value in sorted(filter(None, (fields.get("email"), fields.get("phone")))):
        lock_words(f"lead:{value}")
    known = same_leads(email=fields.get("email", ""), phone=fields.get("phone", "")).lock().first()
    marks = {name: clean_line(text, 120) for name, text in (utm or {}).items() if name in UTM and text}
    if known is not None:
        lead = _again(actor, known, fields, answers, marks)
    else:
        lead = _new(actor, Lead(brand=brand, **{**fields, "source": source}), answers, marks, settings)
    idempotency.finish(route=ROUTE, actor="guest", key=form_key, answer={"lead": lead.pk})
    return lead


def _new(actor: Actor, lead: Lead, answers: dict[str, Any], marks: dict[str, str], settings: LeadSettings) -> Lead:
    require_address(lead)
    store_answers(lead, answers)
    lead.utm = {"v": 1, **marks} if marks else {}
    lead.campaign = lead.campaign or marks.get("utm_campaign", "")
    lead.consent_text, lead.consent_version = str(settings.consent_text), settings.consent_version
    lead.consented_at = clock.now()
    lead.save()
    LeadEvent.objects.create(lead=lead, kind=LeadEventKind.FORM)
    record(
        actor=actor, type="leads.captured", subject=lead,
        data={"number": lead.number, "name": lead.name, "source": in_all_languages(lead.get_source_display()),
              "text": excerpt(lead.message, 280)},
    )  # fmt: skip
    place_leads(actor, [NewLead(lead)])
    return lead


def _again(actor: Actor, lead: Lead, fields: dict[str, Any], answers: dict[str, Any], marks: dict[str, str]) -> Lead:
    empty = {name: value for name, value in fields.items() if value and not getattr(lead, name)}
    for name, value in empty.items():
        setattr(lead, name, value)
    store_answers(lead, {key: value for key, value in answers.items() if value is not None and key not in lead.custom})
    if marks:
        lead.utm = {**(lead.utm or {"v": 1, **marks}), "last": marks}
    lead.save()
    LeadEvent.objects.create(lead=lead, kind=LeadEventKind.FORM)
    score_lead(lead)
    reckon(lead)
    record(
        actor=actor, type="leads.asked_again", subject=lead,
        data={"number": lead.number, "name": lead.name, "text": excerpt(fields.get("message", ""), 280)},
    )  # fmt: skip
    return lead
