"""A lead becomes a customer, a contact and a deal; leads that come in by themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.activity.models import Activity
from crm.core.actor import Actor, Scope
from crm.core.errors import Conflict, Invalid, NotFound
from crm.testing.suites import staff
from customers.models import Consent, Contact, Customer
from customers.tests.builders import make_contact, make_customer
from sales import actions
from sales.choices.leads import LeadStatus, SpanEnd
from sales.exceptions.leads import (
    LeadIsOver,
)
from sales.models import Lead, Opportunity, OwnerSpan

from .lead_builders import SYSTEM, fill_form, fresh, make_lead
from .test_leads import CONVERTING

pytestmark = pytest.mark.django_db


def test_converting_makes_customer_contact_and_deal_at_once_and_once() -> None:
    person = staff(*CONVERTING, scope=Scope.OWN)
    actor = fresh(person)
    lead = make_lead(owner=person, company="North Wind", phone="13812345678")
    for _turn in range(2):
        row = actions.convert_lead(actor=actor, lead=lead, opportunity={"name": "First order", "amount": Decimal(50)})
    assert row.status == LeadStatus.CONVERTED and row.converted_customer is not None
    assert (row.converted_customer.name, row.converted_customer.owner) == ("North Wind", person)
    deal = Opportunity.objects.get()
    assert (deal.pk, deal.contact, deal.owner) == (row.converted_opportunity_id, row.converted_contact, person)
    assert Customer.objects.count() == 1 and OwnerSpan.objects.filter(end=SpanEnd.CONVERTED).count() == 1
    with pytest.raises(LeadIsOver):
        actions.update_lead(actor=actor, lead=lead, values={"company": "Other"})


def test_an_address_that_belongs_to_somebody_undoes_all_of_it() -> None:
    person = staff(*CONVERTING, scope=Scope.OWN)
    make_contact(make_customer(), emails=["ada@example.test"])
    lead = make_lead(owner=person, email="ada@example.test", company="North Wind")
    with pytest.raises(Invalid) as caught:
        actions.convert_lead(actor=fresh(person), lead=lead, opportunity={"name": "Deal"})
    assert "contact" in caught.value.fields
    assert not Customer.objects.filter(name="North Wind").exists() and not Opportunity.objects.exists()
    assert Lead.objects.get(pk=lead.pk).is_open


def test_converting_to_a_known_contact_changes_nothing_of_theirs() -> None:
    person = staff(*CONVERTING, scope=Scope.ALL)
    contact = make_contact(emails=["ada@example.test"])
    lead = make_lead(owner=person, email="ada@example.test")
    row = actions.convert_lead(actor=fresh(person), lead=lead, contact=contact)
    assert (row.converted_customer, row.converted_contact) == (contact.customer, contact)
    assert row.converted_opportunity_id is None and Contact.objects.count() == 1
    with pytest.raises(Invalid):
        actions.convert_lead(actor=SYSTEM, lead=make_lead(owner=person), customer=make_customer(), contact=contact)


def test_a_customer_out_of_scope_is_not_found() -> None:
    person = staff(*CONVERTING, scope=Scope.OWN)
    with pytest.raises(NotFound):
        actions.convert_lead(actor=fresh(person), lead=make_lead(owner=person), customer=make_customer())


# -- coming in by themselves -------------------------------------------------------------------------------------------


def test_the_same_person_again_updates_the_lead() -> None:
    first = fill_form(email="ada@example.test", company="")
    again = fill_form(email="ada@example.test", company="North Wind", name="Somebody Else", message="Still waiting")
    assert again.pk == first.pk and Lead.objects.count() == 1
    row = Lead.objects.get()
    assert (row.name, row.company, row.message) == ("Ada", "North Wind", "Prices?")
    assert row.score > first.score
    told = Activity.objects.latest("pk")
    assert (told.key, told.data["text"]) == ("leads.asked_again", "Still waiting")


def test_a_form_sent_twice_is_one_and_other_content_under_its_key_is_refused() -> None:
    from crm.core.models import Brand

    sent = {"name": "Ada", "email": "ada@example.test", "message": "Prices?"}
    common = {"actor": Actor.guest(), "brand": Brand.default(), "form_key": "the-very-same-form-key"}
    first = actions.capture_lead(**common, values=sent, utm={"utm_source": "fair", "evil": "x"})
    assert actions.capture_lead(**common, values=sent).pk == first.pk
    assert (first.utm, first.events.count()) == ({"v": 1, "utm_source": "fair"}, 1)
    assert first.consent_text and first.consent_version == 1
    with pytest.raises(Conflict):
        actions.capture_lead(**common, values={**sent, "message": "Other"})


def test_consent_goes_over_to_the_contact() -> None:
    person = staff(*CONVERTING, scope=Scope.OWN)
    lead = fill_form()
    actions.assign_lead(actor=SYSTEM, lead=lead, owner=person)
    row = actions.convert_lead(actor=fresh(person), lead=lead)
    consent = Consent.objects.get(contact=row.converted_contact)
    assert consent.granted and consent.text == lead.consent_text
