"""The portal with every app in it: nobody reads another's, the flow in a browser, and what staff see of it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from crm.core import clock, switches, tokens
from crm.core.actor import Actor
from crm.core.seeding import seed
from crm.messaging.models import OutgoingMail
from crm.testing import axe
from crm.testing.browser import PHONE
from crm.testing.queries import queries_as_before
from customers import actions
from customers.actions import NewLine
from customers.actions.portal import send_codes
from customers.models import Concern, Contact, Equipment, Order, PortalSession
from customers.portals.visits import hash_token
from customers.tests.builders import SYSTEM, make_contact, make_customer
from sales.models import Quote
from sales.tests.contract_builders import signed
from sales.tests.quote_builders import sent_quote
from tickets.actions import verify_requester
from tickets.models import Rating, RequestType, ServiceSettings, Ticket
from tickets.tests.builders import answered, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db


def person(kind: Any, customer: Any, name: str, address: str) -> SimpleNamespace:
    """Somebody with a ticket, a quote, an order; proved, as whoever signed in."""
    contact = make_contact(customer, name=name, emails=[address], phones=[], language="en")
    actions.verify_identity(actor=SYSTEM, identity=contact.identities.get())
    line = NewLine(Decimal(1), Decimal(100), name=f"Thing of {name}")
    order = actions.place_order(actor=SYSTEM, customer=customer, values={"contact": contact}, lines=[line])
    quote = sent_quote(customer=customer, contact=contact, name=f"Offer to {name}")
    ticket = submit(kind, email=address, subject=f"Question of {name}", name=name)
    return SimpleNamespace(contact=contact, order=order, quote=quote, ticket=ticket)


def enter(contact: Contact) -> Client:
    """A browser in which the contact is signed in."""
    client, token = Client(), tokens.new_token()
    PortalSession.objects.create(
        contact=contact, identity=contact.identities.filter(kind="email").get(), token_hash=hash_token(token),
        expires_at=clock.now() + dt.timedelta(days=1),
    )  # fmt: skip
    client.cookies["portal"] = token
    return client


@pytest.fixture
def world() -> SimpleNamespace:
    """Two people of one company and one of another."""
    kind = make_request_type("printer")
    company, other = make_customer("Hengyi"), make_customer("Brightwater")
    device = actions.save_equipment(
        actor=SYSTEM, customer=other, values={"name": "Printer", "serial_number": "SN-OTHER", "state": "working"}
    )
    return SimpleNamespace(
        li=person(kind, company, "Li Lei", "lilei@example.test"), device=device, kind=kind,
        wang=person(kind, company, "Wang Fang", "wang@example.test"),
        emma=person(kind, other, "Emma", "emma@example.test"),
    )  # fmt: skip


def pages_of(who: SimpleNamespace) -> list[str]:
    number, quote = who.ticket.number, f"/portal/quotes/{who.quote.pk}/"
    return [
        f"/portal/tickets/{number}/", f"/portal/tickets/{number}/solved/", quote, f"{quote}pdf/",
        f"/portal/orders/{who.order.number}/", f"/portal/tickets/new/?order={who.order.number}",
    ]  # fmt: skip


def deeds_on(who: SimpleNamespace) -> list[tuple[str, dict[str, str]]]:
    number, quote = who.ticket.number, f"/portal/quotes/{who.quote.pk}/"
    accept = {"name": "Eve", "agrees": "on", "content_hash": who.quote.content_hash}
    return [
        (f"/portal/tickets/{number}/reply/", {"body": "Mine now", "form_key": "k" * 20}),
        (f"/portal/tickets/{number}/solved/", {}), (f"{quote}accept/", accept),
        (f"{quote}decline/", {"no-name": "Eve"}),
    ]  # fmt: skip


LISTS = ("/portal/", "/portal/tickets/?state=all", "/portal/quotes/", "/portal/orders/", "/portal/equipment/")


def test_a_contact_opens_their_own_and_nobody_elses(world):
    client = enter(world.li.contact)
    for url in pages_of(world.li):
        assert client.get(url).status_code == 200, url
    for stranger in (world.wang, world.emma):
        for url in pages_of(stranger):
            assert client.get(url).status_code == 404, url
        for url, data in deeds_on(stranger):
            assert client.post(url, data).status_code == 404, url
    assert client.get(f"/portal/tickets/new/?equipment={world.device.pk}").status_code == 404
    for url in LISTS:
        text = client.get(url).content.decode()
        assert not {"Wang Fang", "Emma", "SN-OTHER"} & set(re.findall("Wang Fang|Emma|SN-OTHER", text)), url
    assert Quote.objects.filter(state="sent").count() == 3 and Ticket.objects.unresolved().count() == 3


def test_nobody_else_opens_any_of_it(world):
    other_browser = Client()
    for url in [*pages_of(world.li), *LISTS]:
        answer = other_browser.get(url)
        assert answer.status_code == 302 and answer["Location"].startswith("/portal/sign-in/"), url
    for url, data in deeds_on(world.li):
        answer = other_browser.post(url, data)
        if data:  # what was typed is not lost
            text = answer.content.decode()
            assert answer.status_code == 401 and "/portal/sign-in/" in text and ("Mine now" in text or "Eve" in text)
        else:
            assert answer["Location"] == "/portal/sign-in/", url
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["portal"] = enter(world.li.contact).cookies["portal"].value
    assert [strict.post(url, data).status_code for url, data in deeds_on(world.li)] == [403] * 4
    answer = enter(world.li.contact).get(pages_of(world.li)[0])
    assert answer["Cache-Control"] == "no-store, private" and answer["X-Robots-Tag"].startswith("noindex")


def test_a_solved_ticket_is_confirmed_rated_and_opened_again_inside_the_portal(world):
    client, number = enter(world.li.contact), world.li.ticket.number
    page, rate = f"/portal/tickets/{number}/", f"/portal/tickets/{number}/rate/"
    assert client.get(rate).status_code == 404  # never solved
    resolved(make_agent(world.kind.team), world.li.ticket)
    text = client.get(page).content.decode()
    assert rate in text and 'name="confirm"' in text and "/rate/" not in text.replace(rate, "")
    assert client.post(f"{page}solved/", {"confirm": "1"})["Location"] == rate
    assert Ticket.objects.get(number=number).status.category == "closed"
    shown = client.get(rate).content.decode()
    assert "pub-menu" in shown and page in shown
    assert client.post(rate, {"score": "9"}).status_code == 422
    assert client.post(rate, {"score": "4", "comment": "Quick"})["Location"] == rate
    rating = Rating.objects.get(ticket__number=number)
    assert (rating.score, rating.comment) == (4, "Quick")
    assert 'name="confirm"' not in client.get(page).content.decode()
    client.post(f"{page}reply/", {"body": "It is back.", "form_key": "k" * 20})
    assert Ticket.objects.get(number=number).cycle == 2
    assert client.post(rate, {"score": "1"}).status_code == 409 and Rating.objects.get(cycle=1).score == 4
    actions.set_portal_access(actor=SYSTEM, contact=world.wang.contact, reach="company")
    assert enter(world.wang.contact).get(rate).status_code == 404  # a colleague's verdict is not theirs to give
    assert enter(world.emma.contact).post(rate, {"score": "1"}).status_code == 404


@pytest.mark.parametrize("url", [*LISTS, "/portal/profile/"])
def test_a_page_of_the_portal_costs_few_queries(world, url):
    for number in range(3):
        submit(world.kind, email="lilei@example.test", subject=f"Again {number}", name="Li Lei")
        actions.place_order(
            actor=SYSTEM, customer=world.li.contact.customer, values={"contact": world.li.contact},
            lines=[NewLine(Decimal(1), Decimal(10), name="Thing")],
        )  # fmt: skip
    client = enter(world.li.contact)
    client.get(url)
    with queries_as_before(f"portal {url}", limit=25):
        assert client.get(url).status_code == 200


def test_without_the_service_desk_the_sign_in_points_at_nothing_of_it(client):
    address = "/portal/sign-in/"
    make_request_type("printer")
    assert "/help/tickets/new/" in (text := client.get(address).content.decode()) and "/help/tickets/lost/" in text
    RequestType.objects.update(audiences=["employees"])
    page = client.get(address).content.decode()
    assert "/help/tickets/new/" not in page[page.index("<main") :] and "/help/tickets/lost/" in page
    switches.take({"tickets"})
    try:
        assert "/help/tickets/" not in client.get(address).content.decode()
    finally:
        switches.take(())


def test_who_sees_the_whole_company_reads_and_answers_but_does_not_decide_on_tickets(world):
    actions.set_portal_access(actor=SYSTEM, contact=world.li.contact, reach="company")
    client = enter(world.li.contact)
    codes = [client.get(url).status_code for url in pages_of(world.wang)]
    assert codes == [200, 200, 200, 200, 200, 200]
    assert "It is solved" not in client.get(pages_of(world.wang)[0]).content.decode()
    reply, solved, accept, _decline = deeds_on(world.wang)
    assert client.post(*reply).status_code == 302 and client.post(*solved).status_code == 404
    page = client.get(pages_of(world.wang)[0]).content.decode()
    assert "Mine now" in page and "Sent by Wang Fang" in page
    assert client.post(*accept).status_code == 302
    assert [client.get(url).status_code for url in pages_of(world.emma)] == [404] * 6
    mine = client.get("/portal/tickets/?state=all&whose=mine").content.decode()
    assert "Question of Li Lei" in mine and "Question of Wang Fang" not in mine


def test_what_a_person_writes_later_is_not_read_by_who_typed_their_number_first(world):
    submit(world.kind, email="eve@example.test", phone="13811112222", subject="First", name="Eve")
    victim = submit(world.kind, email="", phone="13811112222", subject="Secret", name="Victim")
    eve = victim.contact
    assert eve.identities.filter(value="eve@example.test").exists()
    actions.verify_identity(actor=SYSTEM, identity=eve.identities.get(kind="email"))
    client = enter(eve)
    text = client.get("/portal/tickets/?state=all").content.decode()
    assert "First" in text and "Secret" not in text
    assert client.get(f"/portal/tickets/{victim.number}/").status_code == 404


def test_whoever_typed_anothers_address_reads_nothing_because_its_owner_looked_at_our_link(world):
    """Eve puts the victim's address beside her own number; the victim opens our link and later writes to us."""
    trick = submit(world.kind, email="victim@example.test", phone="13811112222", subject="Trick", name="Eve")
    assert Client().post(f"/help/tickets/{trick.access_token}/confirm/").status_code == 302
    later = submit(world.kind, email="victim@example.test", subject="Secret", name="Victim")
    assert later.contact == trick.contact and Ticket.objects.get(pk=trick.pk).verified_at is not None
    eve = trick.contact
    actions.verify_identity(actor=SYSTEM, identity=eve.identities.get(kind="phone"))  # the code by text message
    client = enter(eve)
    assert "Secret" not in client.get("/portal/tickets/?state=all").content.decode()
    assert client.get(f"/portal/tickets/{later.number}/").status_code == 404
    verify_requester(actor=Actor.contact(eve.pk, "Victim"), ticket=later, by_reply=True)  # the victim answers by mail
    Client().post("/portal/sign-in/", {"address": "victim@example.test"})  # or wants to sign in
    send_codes()
    assert not OutgoingMail.objects.filter(template="portal.code").exists()
    assert "Secret" not in client.get("/portal/tickets/?state=all").content.decode()


def test_a_ticket_about_an_order_is_asked_without_saying_who(world):
    ServiceSettings.objects.update(min_form_seconds=0)
    client = enter(world.li.contact)
    address = f"/portal/tickets/new/?order={world.li.order.number}"
    page = client.get(address).content.decode()
    assert world.li.order.label in page and 'name="email"' not in page
    hidden = dict(re.findall(r'name="(form_key|opened_token|order)" value="([^"]+)"', page))
    values = {**hidden, "request_type": "printer", "subject": "Where is it?", "description": "It did not come.",
              "consent": "on"}  # fmt: skip
    assert client.post("/portal/tickets/new/", {**values, "order": world.emma.order.number}).status_code == 404
    answer = client.post("/portal/tickets/new/", values)
    ticket = Ticket.objects.get(subject="Where is it?")
    assert answer["Location"] == f"/portal/tickets/{ticket.number}/"
    assert ticket.contact == world.li.contact and Concern.objects.get(object_id=ticket.pk).order == world.li.order
    assert client.get(answer["Location"]).status_code == 200


def test_the_overview_says_what_is_owed_to_whom_it_concerns(world):
    signed(parts=[(-4, "400"), (30, "600")], customer=world.li.contact.customer, contact=world.li.contact, name="Ours")
    page = enter(world.li.contact).get("/portal/").content.decode()
    assert "Money due" in page and page.index("¥400.00") < page.index("¥600.00") and "Overdue" in page
    assert "Money due" not in enter(world.wang.contact).get("/portal/").content.decode()


def test_every_queryset_answers_for_a_contact(world):
    actor = Actor.contact(world.li.contact.pk, "Li Lei")
    own = (Ticket, world.li.ticket), (Quote, world.li.quote), (Order, world.li.order), (Contact, world.li.contact)
    for model, row in own:
        assert [found.pk for found in model.objects.visible_to(actor)] == [row.pk], model
    assert not Equipment.objects.visible_to(actor).exists()
    gone = Actor.contact(0, "Nobody")
    assert not any(model.objects.visible_to(gone).exists() for model, _row in own)


def test_the_link_of_a_mail_works_beside_the_portal(world):
    actions.set_portal_access(actor=SYSTEM, contact=world.li.contact, reach="off")
    assert Client().get(f"/help/tickets/{world.li.ticket.access_token}/").status_code == 200
    assert Client().get(f"/quotes/{world.li.quote.token}/").status_code == 200


WORDS = {
    "en-GB": {"language": "en", "name": "Emma Clarke", "reply": "It is the one in the hall."},
    "zh-CN": {"language": "zh-hans", "name": "李蕾", "reply": "是大厅里的那一台。"},
}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locale", "size", "dark"), [
    ("zh-CN", PHONE, True), pytest.param("en-GB", (1366, 900), False, marks=pytest.mark.slow),
])  # fmt: skip
def test_a_contact_signs_in_answers_and_accepts(new_page, live_server, settings, tmp_path, locale, size, dark):
    settings.MEDIA_ROOT = tmp_path
    seed()
    words = WORDS[locale]
    contact = make_contact(name=words["name"], emails=["buyer@example.com"], phones=[], language=words["language"])
    kind = make_request_type("printer", name="Device fault", chinese="设备故障")
    ticket = submit(kind, email="buyer@example.com", name=words["name"], language=words["language"])
    answered(make_agent(kind.team), ticket, "Which one?")
    quote = sent_quote(customer=contact.customer, contact=contact, language=words["language"])
    page = new_page(language=locale, size=size, dark=dark)

    def look(name: str) -> None:
        page.wait_for_load_state()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0 and axe.violations(page) == [], name

    page.goto(f"{live_server.url}/help/")
    page.click('header a[href="/portal/"]')
    look("sign in")
    page.fill("[name=address]", "buyer@example.com")
    page.click(".app-form-foot .btn-primary")
    page.locator("[name=code]").wait_for()
    send_codes()
    letter = OutgoingMail.objects.get(template="portal.code")
    assert letter.language == words["language"]
    look("code")
    page.fill("[name=code]", re.search(r"\b\d{6}\b", letter.text).group())
    page.click(".app-form-foot .btn-primary")
    page.locator(".pub-menu [aria-current]").wait_for()
    look("home")
    page.locator(".pub-tk").click()
    page.fill("[name=body]", words["reply"])
    page.click(".app-form-foot .btn-primary")
    page.locator("article.msg").nth(2).wait_for()
    assert words["reply"] in page.locator("article.msg").nth(2).inner_text()
    look("ticket")
    page.click('.pub-menu a[href="/portal/quotes/"]')
    page.locator(".pub-tk").click()
    look("quote")
    page.check("[name=agrees]")
    page.click("#accept-title ~ form .btn-primary")
    page.locator(".tone-success").wait_for()
    quote.refresh_from_db()
    assert (quote.state, quote.decided_by_name) == ("accepted", words["name"])
    page.click("header .pub-lang >> nth=0 >> button")
    page.locator("[name=address]").wait_for()
    assert not PortalSession.objects.exists()
