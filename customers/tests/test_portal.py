"""Signing in to the portal with a code, what ends a session, and what contacts and staff change."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotAllowed
from crm.core.models import Brand
from crm.messaging.models import OutgoingMail, OutgoingSms
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions.portal import forget_expired, send_codes
from customers.models import Consent, Contact, PortalAccess, PortalCode, PortalSession
from customers.portals.sections import portal_sections

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db
IN, CODE, HOME, PROFILE = "/portal/sign-in/", "/portal/sign-in/code/", "/portal/", "/portal/profile/"


@pytest.fixture
def lilei() -> Contact:
    return make_contact(name="李蕾", emails=["lilei@example.test"], phones=["13812345678"], language="zh-hans")


def code_of(message: Any) -> str:
    return re.search(r"\b\d{6}\b", message.text).group()


def ask(client: Client, address: str = "lilei@example.test", **more: str) -> Any:
    return client.post(IN, {"address": address, **more})


def sign_in(client: Client, address: str = "lilei@example.test") -> Any:
    ask(client, address)
    send_codes()
    mail = OutgoingMail.objects.filter(template="portal.code", to_email=address).latest("pk")
    return client.post(CODE, {"code": code_of(mail)})


def test_a_code_by_mail_opens_the_portal_in_the_contacts_language(client, lilei):
    assert client.get(PROFILE)["Location"] == f"{IN}?next=%2Fportal%2Fprofile%2F"
    endless = client.get(PROFILE, {"a": "9" * 20_000})
    assert endless.status_code == 302 and endless["Location"] == f"{IN}?next=%2Fportal%2Fprofile%2F"
    answer = client.post(IN, {"address": " LiLei@Example.TEST ", "next": PROFILE})
    assert answer["Location"] == f"{CODE}?next=%2Fportal%2Fprofile%2F"
    assert not OutgoingMail.objects.exists()  # not by the request
    assert send_codes() == 1 and send_codes() == 0
    mail = OutgoingMail.objects.get()
    assert (mail.to_email, mail.language) == ("lilei@example.test", "zh-hans")
    code = code_of(mail)
    assert code not in mail.subject and not PortalCode.objects.filter(code_hash__contains=code).exists()
    before = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    answer = client.post(CODE, {"code": f"{code[:3]} {code[3:]}", "next": PROFILE})
    assert answer["Location"] == PROFILE
    cookie = answer.cookies["portal"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] <= 14 * 24 * 3600
    assert answer.cookies["csrftoken"].value != before
    assert not PortalSession.objects.filter(token_hash=cookie.value).exists()
    page = client.get(HOME)
    assert page.status_code == 200 and page["Cache-Control"] == "no-store, private"
    assert 'lang="zh-Hans"' in page.content.decode() and "app-rail" not in page.content.decode()
    assert lilei.identities.get(kind="email").verified_at is not None
    deed = Activity.objects.latest("pk")
    assert deed.key == "portal.signed_in" and (deed.actor_kind, deed.actor_id) == (2, lilei.pk)
    assert "lilei@" not in str(deed.data)


def test_a_code_by_text_message_where_a_gateway_is_set(client, lilei, settings, tmp_path):
    settings.SMS = {"sender": "console", "countries": [], "folder": str(tmp_path)}
    ask(client, "138 1234 5678")
    send_codes()
    sms = OutgoingSms.objects.get()
    assert sms.to_phone == "+8613812345678"
    assert client.post(CODE, {"code": code_of(sms)}).status_code == 302
    settings.SMS = {"sender": "none", "countries": []}
    ask(Client(), "138 1234 5678")
    assert send_codes() == 1 and OutgoingSms.objects.count() == 1


def test_known_and_unknown_addresses_cannot_be_told_apart(client, lilei):
    seen = []
    for address in ("lilei@example.test", "nobody@example.test"):
        own = Client()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(own, address)
        send_codes()
        with CaptureQueriesContext(connection) as guessed:
            wrong = own.post(CODE, {"code": "000000"})
        said = wrong.content.decode().replace(address, "ADDRESS")
        said = re.sub(r'value="[A-Za-z0-9]{64}"', "", said)
        seen.append((answer.status_code, answer["Location"], len(asked), wrong.status_code, len(guessed), said))
    assert seen[0] == seen[1] and seen[0][3] == 422


def test_a_code_works_once_for_ten_minutes_in_the_browser_that_asked(client, lilei, monkeypatch):
    ask(client)
    send_codes()
    code = code_of(OutgoingMail.objects.get())
    assert Client().post(CODE, {"code": code}).status_code == 422  # another browser
    later = clock.now() + dt.timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        assert client.post(CODE, {"code": code}).status_code == 422
    key = client.cookies["portal_code"].value
    assert client.post(CODE, {"code": code}).status_code == 302
    again = Client()
    again.cookies["portal_code"] = key
    assert again.post(CODE, {"code": code}).status_code == 422


def test_five_wrong_guesses_end_a_code_and_are_told_to_staff(client, lilei):
    ask(client)
    send_codes()
    code = code_of(OutgoingMail.objects.get())
    wrong = "000000" if code != "000000" else "111111"
    assert {client.post(CODE, {"code": wrong}).status_code for _try in range(5)} == {422}
    assert Activity.objects.latest("pk").key == "portal.code_refused"
    assert client.post(CODE, {"code": code}).status_code == 422 and not PortalSession.objects.exists()


def test_an_address_and_a_network_get_so_many_codes_an_hour(client, lilei):
    answers = [ask(client).status_code for _try in range(6)]
    assert answers == [302] * 5 + [429]
    others = [ask(client, f"a{number}@example.test").status_code for number in range(26)]
    assert others[:24] == [302] * 24 and others[-1] == 429
    assert ask(Client(REMOTE_ADDR="198.51.100.7"), "b@example.test").status_code == 302


def test_what_fills_the_trap_or_leads_elsewhere_gets_nothing(client, lilei):
    assert ask(client, second_subject="x").status_code == 302 and not PortalCode.objects.exists()
    assert "evil" not in ask(client, next="//evil.example/").headers["Location"]
    assert Client(enforce_csrf_checks=True).post(IN, {"address": "lilei@example.test"}).status_code == 403


def test_another_sign_in_replaces_the_session_of_the_browser(client, lilei):
    sign_in(client)
    first = client.cookies["portal"].value
    client.cookies["portal_code"] = ""
    ask(client)  # a signed-in browser may ask again
    send_codes()
    mail = OutgoingMail.objects.filter(template="portal.code").latest("pk")
    client.post(CODE, {"code": code_of(mail)})
    assert client.cookies["portal"].value != first and PortalSession.objects.count() == 1


@pytest.mark.parametrize(
    "end", ["sign_out", "everywhere", "time", "shut_out", "switched_off", "deleted", "merged", "address_gone"]
)
def test_what_ends_a_session(client, lilei, end, monkeypatch):
    other = make_contact(lilei.customer, name="Wang Fang")
    sign_in(client)
    phone = Client()
    sign_in(phone)
    assert client.get(HOME).status_code == 200
    if end == "sign_out":
        assert client.get("/portal/sign-out/").status_code == 405
        token = client.cookies["portal"].value
        client.post("/portal/sign-out/")
        client.cookies["portal"] = token
        assert phone.get(HOME).status_code == 200
    elif end == "everywhere":
        phone.post("/portal/sign-out/everywhere/")
    elif end == "time":
        later = clock.now() + dt.timedelta(days=15)
        monkeypatch.setattr(clock, "now", lambda: later)
    elif end == "shut_out":
        actions.set_portal_access(actor=SYSTEM, contact=lilei, reach="off")
    elif end == "switched_off":
        actions.save_portal_settings(actor=SYSTEM, brand=Brand.default(), is_on=False, session_days=14)
        assert client.get(HOME).status_code == client.get(IN).status_code == 404
        assert IN not in client.get("/help/").content.decode()
        return
    elif end == "deleted":
        actions.delete_customer(actor=SYSTEM, customer=lilei.customer)
    elif end == "merged":
        actions.merge_contacts(actor=SYSTEM, into=other, others=[lilei])
    else:
        actions.update_contact(actor=SYSTEM, contact=lilei, name="李蕾", emails=[], phones=["13812345678"])
    assert client.get(HOME)["Location"] == IN
    assert client.post("/portal/profile/consent/", {})["Location"] == IN


def test_whoever_is_shut_out_gets_no_code_and_stays_out_when_merged(client, lilei):
    other = make_contact(lilei.customer, name="Wang Fang", emails=["wang@example.test"])
    actions.set_portal_access(actor=SYSTEM, contact=lilei, reach="off")
    ask(client)
    assert send_codes() == 1 and not OutgoingMail.objects.exists()
    sign_in(client, "wang@example.test")
    merge = actions.merge_contacts(actor=SYSTEM, into=other, others=[lilei])
    assert client.get(HOME).status_code == 302
    assert PortalAccess.objects.get(contact=other).reach == "off"
    actions.undo_merge(actor=SYSTEM, merge=merge)
    assert PortalAccess.objects.get(contact=other).reach == "own"


def test_expired_codes_and_sessions_are_forgotten(client, lilei):
    sign_in(client)
    ask(Client(), "nobody@example.test")
    long_ago = clock.now() - dt.timedelta(days=20)
    PortalSession.objects.update(expires_at=long_ago)
    PortalCode.objects.update(expires_at=long_ago)
    assert forget_expired() == 2 and not PortalSession.objects.exists()


def test_a_contact_changes_their_own_profile_and_consent(client, lilei):
    sign_in(client)
    values = {"name": "Lily Li", "language": "en", "timezone": "Europe/London", "preferred_channel": "phone"}
    assert client.post(PROFILE, {**values, "name": " "}).status_code == 422
    client.post(PROFILE, values)
    lilei.refresh_from_db()
    assert {name: getattr(lilei, name) for name in values} == values
    assert "Europe/London" in (page := client.get(PROFILE).content.decode()) and 'lang="en"' in page
    client.post("/portal/profile/consent/", {"email": "on"})
    client.post("/portal/profile/consent/", {"email": "on"})
    row = Consent.objects.get()
    assert (row.channel, row.granted, row.language, row.text) == (
        "email", True, "en", "You may send me news and offers by email.",
    )  # fmt: skip
    client.post("/portal/profile/consent/", {})
    assert not Consent.objects.latest("pk").granted
    assert set(Activity.objects.values_list("type", flat=True)) >= {1322, 1325, 1312}


def test_staff_see_the_last_visit_and_say_how_far_a_contact_sees(client, lilei):
    agent = signed_in(staff("customers.view", "customers.update"))
    page = f"/customers/contacts/{lilei.pk}/"
    assert "Never there" in agent.get(page).content.decode()
    sign_in(client)
    assert "Never there" not in agent.get(page).content.decode()
    assert agent.post(f"{page}portal/", {"reach": "company"}).status_code == 302
    assert PortalAccess.objects.get(contact=lilei).reach == "company"
    assert agent.post(f"{page}portal/", {"reach": "everything"}).status_code == 422
    assert agent.get("/settings/portal/").status_code == 403
    chief = signed_in(staff("customers.portal"))
    assert chief.post("/settings/portal/", {"is_on": "on", "session_days": "0"}).status_code == 422
    assert chief.post("/settings/portal/", {"session_days": "30"}).status_code == 302
    assert client.get(HOME).status_code == 404
    with pytest.raises(NotAllowed):
        actions.set_portal_access(actor=Actor.contact(lilei.pk, "李蕾"), contact=lilei, reach="company")


def test_the_code_is_not_shown_in_the_mail_log(client, lilei):
    ask(client)
    send_codes()
    mail = OutgoingMail.objects.get()
    page = signed_in(staff("messaging.manage_mail", "console.view_settings"))
    answer = page.get(f"/settings/outgoing-mail/{mail.pk}/")
    assert answer.status_code == 200 and code_of(mail) not in answer.content.decode()


def test_a_block_that_fails_leaves_the_page(client, lilei, monkeypatch):
    sign_in(client)
    entry = portal_sections["orders"]

    def fails(actor: Any) -> Any:
        raise RuntimeError

    monkeypatch.setitem(portal_sections._entries, "orders", type(entry)(
        entry.key, entry.label, entry.icon, entry.url_name, entry.order, template=entry.template, block=fails,
    ))  # fmt: skip
    page = client.get(HOME)
    assert (page.status_code == 200 and "无法" in page.content.decode()) or "cannot be shown" in page.content.decode()


def test_a_colleagues_address_opens_no_portal(client):
    own = make_customer("Us")
    type(own).objects.filter(pk=own.pk).update(is_internal=True)
    make_contact(own, emails=["colleague@example.test"])
    ask(client, "colleague@example.test")
    send_codes()
    assert not OutgoingMail.objects.exists()


def new_code(client: Client, **values: str) -> tuple[str, str]:
    """Asks to add an address; the page that takes the code, and the code."""
    page = client.post("/portal/profile/addresses/new/", values)["Location"]
    send_codes()
    return page, code_of(OutgoingMail.objects.filter(template="portal.address_code").latest("pk"))


def test_a_contact_adds_an_address_that_counts_once_its_code_came_back(client, lilei):
    sign_in(client)
    page, code = new_code(client, address=" New@Example.Test ")
    assert not lilei.identities.filter(value="new@example.test").exists()
    wrong = "000000" if code != "000000" else "111111"
    assert client.post(page, {"code": wrong}).status_code == 422
    stranger = make_contact(name="Eve", emails=["eve@example.test"])
    other = Client()
    sign_in(other, "eve@example.test")
    assert other.post(page, {"code": code}).status_code == 422
    assert not stranger.identities.filter(value__startswith="new")
    assert client.post("/portal/sign-in/code/", {"code": code}).status_code == 422  # it opens nothing
    assert client.post(page, {"code": code})["Location"] == f"{PROFILE}#addresses"
    added = lilei.identities.get(value="new@example.test")
    assert added.verified_at is not None and not added.is_primary
    told = OutgoingMail.objects.get(template="portal.address_added")
    assert told.to_email == "lilei@example.test" and "new@example.test" not in told.text
    assert client.post(page, {"code": code}).status_code == 422  # once
    assert sign_in(Client(), "new@example.test").status_code == 302
    client.post(f"/portal/profile/addresses/{added.pk}/main/")
    added.refresh_from_db()
    assert added.is_primary and not lilei.identities.get(value="lilei@example.test").is_primary


def test_an_address_takes_the_place_of_the_one_signed_in_with(client, lilei):
    sign_in(client)
    former = lilei.identities.get(kind="email")
    wish = {"address": "13900001111", "replaces": former.pk}
    assert client.post("/portal/profile/addresses/new/", wish).status_code == 422
    page, code = new_code(client, address="new@example.test", replaces=str(former.pk))
    client.post(page, {"code": code})
    mails = lilei.identities.filter(kind="email")
    assert list(mails.values_list("value", "is_primary")) == [("new@example.test", True)]
    assert client.get(HOME).status_code == 200  # still signed in
    phone = lilei.identities.get(kind="phone")
    assert phone.verified_at is None
    client.post(f"/portal/profile/addresses/{phone.pk}/main/")
    mail = lilei.identities.get(kind="email")
    client.post(f"/portal/profile/addresses/{mail.pk}/remove/")
    assert lilei.identities.filter(pk=mail.pk).exists()
    assert client.post(f"/portal/profile/addresses/{phone.pk}/remove/").status_code == 302
    assert list(lilei.identities.values_list("value", flat=True)) == ["new@example.test"]
    assert set(Activity.objects.values_list("type", flat=True)) >= {292, 293}


def test_an_address_of_somebody_else_answers_like_a_free_one_and_its_owner_is_told(client, lilei):
    """Two people of one office cannot share one mailbox here: whose profile is it?"""
    make_contact(lilei.customer, name="Wang Fang", emails=["office@example.test"], phones=[], language="en")
    sign_in(client)
    seen = []
    for address in ("office@example.test", "free@example.test"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/portal/profile/addresses/new/", {"address": address})
        page = client.get(answer["Location"])
        seen.append((answer.status_code, len(asked), page.content.decode().replace(address, "").count("<")))
    assert seen[0] == seen[1]
    send_codes()
    known = OutgoingMail.objects.get(template="portal.address_known")
    assert (known.to_email, known.language) == ("office@example.test", "en") and not re.search(r"\d{6}", known.text)
    assert OutgoingMail.objects.get(template="portal.address_code").to_email == "free@example.test"
    assert client.get("/portal/profile/addresses/new/?replaces=999999").status_code == 404
    others = lilei.customer.contacts.get(name="Wang Fang").identities.get()
    assert client.post(f"/portal/profile/addresses/{others.pk}/remove/").status_code == 404
    assert client.post(f"/portal/profile/addresses/{others.pk}/main/").status_code == 404
    wishes = [{"address": f"a{number}@example.test"} for number in range(9)]
    answers = [client.post("/portal/profile/addresses/new/", wish).status_code for wish in wishes]
    assert answers[-1] == 429
