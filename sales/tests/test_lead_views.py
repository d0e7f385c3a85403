"""The pages of leads, the contact form, and two who claim at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from crm.core.actor import Scope
from crm.core.errors import DomainError
from crm.core.seeding import seed
from crm.testing.suites import signed_in, staff
from crm.ui.public_forms import TRAP, stamp
from sales import actions
from sales.choices.leads import LeadStatus, SpanStart
from sales.exceptions.leads import ClaimedAlready
from sales.models import Lead, LeadSettings, Opportunity, OwnerSpan, Pool

from .lead_builders import fresh, make_lead, make_pool

FORM = "/help/contact/"
SELLING = ("leads.view", "leads.create", "leads.update", "leads.claim")
CUSTOMERS = ("customers.view", "customers.create", "customers.update")


def seller(*more: str) -> Any:
    return staff(*SELLING, *more, scope=Scope.OWN)


def sent(key: str = "contact-form-key-0001", **values: str) -> dict[str, str]:
    """A visitor's form."""
    filled = {"name": "Ada", "email": "ada@example.test", "message": "Prices?", "consent": "on"}
    return {**filled, "form_key": key, "opened_token": stamp(key), **values}


@pytest.fixture
def _at_leisure(db: Any) -> None:
    LeadSettings.objects.update(min_form_seconds=0)


@pytest.mark.django_db
class TestContactForm:
    @pytest.fixture(autouse=True)
    def _fast(self, _at_leisure: None) -> None:
        """Nobody waits in a test."""

    def test_a_visitor_becomes_a_lead_in_the_pool(self, client: Any) -> None:
        page = client.get(f"{FORM}?utm_source=fair").content.decode()
        assert 'name="utm_source" value="fair"' in page
        response = client.post(FORM, sent(utm_source="fair"))
        assert response.status_code == 302
        lead = Lead.objects.get()
        assert lead.in_pool and lead.utm["utm_source"] == "fair" and lead.score > 0 and lead.consented_at

    def test_a_machine_in_the_trap_leaves_nothing(self, client: Any) -> None:
        assert client.post(FORM, sent(**{TRAP: "x"})).status_code == 302
        assert not Lead.objects.exists()

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, client: Any) -> None:
        response = client.post(FORM, sent(email="", message="Keep me"))
        assert response.status_code == 422 and "Keep me" in response.content.decode()
        assert client.post(FORM, sent(email="nonsense")).status_code == 422
        assert client.post(FORM, sent(consent="")).status_code == 422
        assert not Lead.objects.exists()

    def test_too_quick_too_old_too_often(self, client: Any) -> None:
        LeadSettings.objects.update(min_form_seconds=60)
        assert client.post(FORM, sent()).status_code == 422
        LeadSettings.objects.update(min_form_seconds=0, limit_per_address_hour=1)
        assert client.post(FORM, sent(opened_token="forged")).status_code == 422
        assert client.post(FORM, sent()).status_code == 302
        refused = client.post(FORM, sent(key="contact-form-key-0002"))
        assert refused.status_code == 429 and refused["Retry-After"]
        assert Lead.objects.count() == 1

    def test_a_closed_form_takes_nothing(self, client: Any) -> None:
        LeadSettings.objects.update(is_form_open=False)
        assert 'name="message"' not in client.get(FORM).content.decode()
        assert client.post(FORM, sent()).status_code == 422
        assert not Lead.objects.exists()


@pytest.mark.django_db
class TestPages:
    def test_a_pooled_lead_is_masked_on_page_list_and_export_until_claimed(self) -> None:
        member = seller("leads.export", "customers.reveal")
        lead = make_lead(pool=make_pool(member), email="secret.person@example.test", phone="13812345678")
        browser = signed_in(member)
        for address in (f"/sales/leads/{lead.number}/", "/sales/leads/?view=pools"):
            text = browser.get(address).content.decode()
            assert lead.name in text
            assert "secret.person@" not in text and "12345678" not in text.replace(" ", "")
        assert browser.post(f"/sales/leads/{lead.number}/claim/").status_code == 302
        assert "secret.person@" in browser.get(f"/sales/leads/{lead.number}/").content.decode()

    def test_a_stranger_finds_no_lead(self) -> None:
        lead = make_lead(pool=make_pool(seller()))
        stranger = signed_in(seller())
        assert stranger.get(f"/sales/leads/{lead.number}/").status_code == 404
        assert stranger.post(f"/sales/leads/{lead.number}/claim/").status_code == 404

    def test_converting_by_the_page_links_both_ways(self) -> None:
        person = seller(*CUSTOMERS, "opportunities.view", "opportunities.create")
        lead = make_lead(owner=person, company="North Wind")
        browser, address = signed_in(person), f"/sales/leads/{lead.number}/convert/"
        assert "North Wind" in browser.get(address).content.decode()
        missing = browser.post(address, {"customer_name": "North Wind", "has_deal": "on", "deal_name": ""})
        assert missing.status_code == 422 and Lead.objects.get().is_open
        values = {"customer_name": "North Wind", "has_deal": "on", "deal_name": "First order", "amount": "100"}
        done = browser.post(address, values)
        row = Lead.objects.get()
        deal = Opportunity.objects.get(pk=row.converted_opportunity_id)
        assert row.status == LeadStatus.CONVERTED and done["Location"] == f"/sales/opportunities/{deal.number}/"
        page = browser.get(f"/sales/leads/{lead.number}/").content.decode()
        assert "First order" in page and f"/customers/{row.converted_customer.number}/" in page  # type: ignore[union-attr]
        assert browser.get(address).status_code == 302

    def test_the_desk_saves_pools_rules_and_scores(self) -> None:
        browser = signed_in(staff("leads.manage", "leads.view"))
        for address in ("", "pools/", "pools/new/", "assignment/", "assignment/new/", "scores/", "scores/new/"):
            assert browser.get(f"/settings/leads/{address}").status_code == 200, address
        values = {
            "name_en": "North",
            "holds": "leads",
            "name_1": "",
            "wait_days": "0",
            "protect_days": "0",
            "warn_days": "2",
            "order": "5",
        }
        assert browser.post("/settings/leads/pools/new/", {**values, "daily_limit": "3"}).status_code == 302
        assert Pool.objects.get(daily_limit=3).order == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_wins() -> None:
    seed()
    first, second = seller(), seller()
    lead = make_lead(pool=make_pool(first, second))
    gate = threading.Barrier(2)

    def claim(user: Any) -> Any:
        try:
            gate.wait(timeout=30)
            return actions.claim_lead(actor=fresh(user), lead=lead)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(claim, (first, second)))
    assert sorted(type(result).__name__ for result in found) == [ClaimedAlready.__name__, "Lead"]
    assert OwnerSpan.objects.filter(object_id=lead.pk, start=SpanStart.CLAIMED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_holding_limit_holds_when_one_person_claims_two_at_once() -> None:
    seed()
    member = seller()
    pool = make_pool(member, capacity=1)
    leads = [make_lead(pool=pool), make_lead(pool=pool)]
    gate = threading.Barrier(2)

    def claim(lead: Lead) -> Any:
        try:
            gate.wait(timeout=30)
            return actions.claim_lead(actor=fresh(member), lead=lead)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(claim, leads))
    assert Lead.objects.filter(owner=member).count() == 1
