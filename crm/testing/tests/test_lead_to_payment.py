"""From a visitor on a landing page to a paid contract, in a browser, with a real worker and mail server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.accounts.models import User
from crm.approvals.models import Approval
from crm.notifications.models import Notification
from crm.testing.axe import violations
from crm.testing.browser import PHONE
from crm.testing.builders import make_department, make_user
from crm.testing.suites import signed_in
from marketing.tests.landing_builders import make_page
from sales.models import Contract, Lead, LeadSettings, Opportunity, Pool, Quote

pytestmark = pytest.mark.browser
#: language of the browser → of the product, the visitor's name and wish, what is offered, the words of the mail.
LANGUAGES = {
    "zh-CN": ("zh-hans", "陈晓", "四十吨冷库", "冷链传感器", "报价见附件。"),
    "en-GB": ("en", "Emma Clarke", "A cold store of 40 t", "Cold chain sensor", "Here is our offer."),
}
MAIL = "buyer@example.test"


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_from_the_visitor_to_the_paid_contract(stack: Any, new_page: Any, language: str) -> None:
    code, name, wish, offered, words = LANGUAGES[language]
    LeadSettings.objects.update(min_form_seconds=0)
    seller, boss = make_user("sales"), make_user("sales_manager")
    User.objects.update(language=code, department=make_department("Sales"))
    Pool.objects.get().users.set([seller])
    visitor = new_page(language=language, size=PHONE)
    ask(visitor, f"{stack.url}{make_page(slug='cold').path}", name=name, email=MAIL, message=wish, company=f"{name} AG")
    page, manager = (desk(new_page, stack, user, language) for user in (seller, boss))

    lead = Lead.objects.get()
    page.goto(f"{stack.url}/sales/leads/{lead.number}/")
    page.locator(f'form[action$="/sales/leads/{lead.number}/claim/"] button').first.click()
    expect(page.locator("body")).to_contain_text(MAIL)
    step(page, f"{stack.url}/sales/leads/{lead.number}/convert/")
    deal = Opportunity.objects.get()

    page.goto(f"{stack.url}/sales/quotes/new/{deal.customer_id}/?opportunity={deal.pk}")
    for field, text in (("name", offered), ("quantity", "10"), ("unit_price", "100"), ("discount_percent", "20")):
        page.fill(f"[name=line-0-{field}]", text)
    page.locator(".app-form-foot .btn-primary").click()
    expect(page.locator("#record-main")).to_contain_text("800.00")
    quote = Quote.objects.get()
    step(page, f"{stack.url}/sales/quotes/{quote.pk}/submit/")
    manager.goto(f"{stack.url}/approvals/{Approval.objects.get().pk}/")
    assert violations(manager) == []
    manager.locator("form[action$='/approve/'] button").first.click()
    stack.wait_until(lambda: Quote.objects.get().state == "approved", "the manager agreed")
    step(page, f"{stack.url}/sales/quotes/{quote.pk}/send/", to_email=MAIL, text=words)
    mail = stack.smtp.wait_for(lambda found: words in found.get_body(("plain",)).get_content(), 40)
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]

    link = re.search(rf"{re.escape(stack.url)}/quotes/[\w-]+/", mail.get_body(("plain",)).get_content())
    assert link
    visitor.goto(link.group(0))
    expect(visitor.locator("html")).to_have_attribute("lang", "zh-Hans" if code == "zh-hans" else "en")
    visitor.fill("[name=name]", name)
    visitor.locator("[name=agrees]").check()
    visitor.locator("form[action$='/accept/'] .btn-primary").click()
    expect(visitor.locator(".tone-success")).to_contain_text(name)
    told = Notification.objects.filter(user=seller, kind="quotes.accepted")
    stack.wait_until(told.exists, "the seller was told of the acceptance")

    page.goto(f"{stack.url}/sales/quotes/{quote.pk}/")
    page.locator(f'form[action$="/sales/quotes/{quote.pk}/contract/"] button').first.click()
    expect(page.locator("h1")).to_contain_text("D-")
    contract = Contract.objects.get()
    address = f"{stack.url}/sales/contracts/{contract.pk}/"
    step(page, f"{address}submit/")
    step(page, f"{address}sign/", signed_by_name=name)
    expect(page.locator("h1")).to_contain_text("HT-")
    step(page, f"{address}pay/", reference="Bank 17")
    expect(page.locator("#record-main")).to_contain_text("R-")
    assert violations(page) == []
    step(page, f"{address}complete/")
    contract.refresh_from_db()
    assert (contract.state, contract.amount, contract.opportunity) == ("completed", 800, deal)
    assert contract.payments.get().reference == "Bank 17"
    deal.refresh_from_db()
    assert (deal.amount, deal.is_open, lead.pk) == (800, True, Lead.objects.get(converted_opportunity_id=deal.pk).pk)
    all_of_it_on_the_customers_page(page, stack.url, contract, quote)
    manager.goto(f"{stack.url}/reports/gallery/payments-time/")
    expect(manager.locator("main")).to_contain_text("¥800.00")
    manager.goto(f"{stack.url}/reports/gallery/quotes-owner/")
    expect(manager.locator("main")).to_contain_text(seller.name)


def all_of_it_on_the_customers_page(page: Any, url: str, contract: Contract, quote: Quote) -> None:
    """The panels load by themselves; the timeline tells what happened."""
    page.goto(f"{url}/customers/{contract.customer.number}/")
    for text in (contract.label, Quote.objects.get(pk=quote.pk).label, contract.opportunity.name, "¥800.00"):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main")).to_contain_text(contract.payments.get().label)


def desk(new_page: Any, stack: Any, user: User, language: str) -> Any:
    """A window in which a colleague is signed in."""
    page = new_page(language=language)
    page.context.add_cookies(
        [{"name": "sessionid", "value": signed_in(user).cookies["sessionid"].value, "url": stack.url}]
    )
    return page


def ask(visitor: Any, address: str, **values: str) -> None:
    """Fills in the form of a landing page."""
    visitor.goto(address)
    for field, text in values.items():
        visitor.locator(f"form.app-form [name={field}]").fill(text)
    visitor.locator("[name=consent]").check()
    visitor.locator("form.app-form .btn-primary").click()
    expect(visitor).to_have_url(re.compile("/thanks/"))


def step(page: Any, address: str, **values: str) -> None:
    """Opens a verb's page, fills in what is asked, and does it."""
    page.goto(address)
    for field, text in values.items():
        page.fill(f"[name={field}]", text)
    page.locator("form.app-form .btn-primary").click()
    expect(page).not_to_have_url(address)
