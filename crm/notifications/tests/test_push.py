"""Push messages: readable by one browser only, sent once a record, and to nobody who should not know."""

from __future__ import annotations

import datetime as dt
import json
import socket

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.core import clock, installation
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.outbound import AddressRefused, check
from crm.core.secrets import decrypt
from crm.core.sockets import NotificationKind, notification_kinds
from crm.notifications.actions import (
    make_push_key,
    mark_all_read,
    mute,
    notify,
    remove_device,
    save_choices,
    save_delivery,
    subscribe_device,
)
from crm.notifications.models import Notification, PushKey, PushMessage, PushSubscription
from crm.notifications.push.encryption import CURVE, MAX_BYTES, decode, encode, encrypt
from crm.notifications.push.sending import send_due
from crm.notifications.tests.conftest import KINDS
from crm.testing.push import Browser, PushService, claims_of

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
QUIET = {
    "digest": "off", "digest_hour": 8, "digest_weekday": 0, "quiet_from": dt.time(11), "quiet_until": dt.time(13),
    "quiet_weekends": False, "urgent_when_quiet": True, "push_shows_text": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def urgent_kind(monkeypatch):
    kind = NotificationKind("test.urgent", "Overdue", "Deadlines", urgent=True, push=True, sentence="%(number)s is due")
    monkeypatch.setitem(notification_kinds._entries, kind.key, kind)


@pytest.fixture
def service():
    running = PushService()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def me(people, service, browser):
    """A reader in London with one device, who wants replies in the app and by push."""
    make_push_key(actor=SYSTEM)
    person = people[0]
    person.language, person.timezone = "en", "Europe/London"
    person.save()
    choose(person, "test.replied")
    subscribe_device(actor=actor_for(person), endpoint=service.endpoint(), device="Firefox", **browser.keys())
    return person


def choose(person, *kinds, in_app=True, mail=False, push=True):
    ticked = {"in_app": in_app, "mail": mail, "push": push}
    chosen = {name: kinds if wanted else () for name, wanted in ticked.items()}
    save_choices(actor=actor_for(person), kinds=kinds, **chosen)


def tell(person, kind="test.replied", text="", number="#20418"):
    with clock.at(NOON):
        data = {"number": number, "text": text}
        return notify(
            actor=SYSTEM, kind=kind, users=[person], subject=Brand.default(), data=data, url="/tickets/20418/"
        )


def sweep(at=NOON + SECOND):
    with clock.at(at):
        return send_due()


def test_the_example_of_the_standard():
    """RFC 8291, section 5 and appendix A."""
    private = ec.derive_private_key(int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE)
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        private=private,
    )
    assert encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_no_message_is_longer_than_services_take(browser):
    assert len(encrypt(b"x" * MAX_BYTES, **browser.keys())) == 4096
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (MAX_BYTES + 1), **browser.keys())


def test_a_device_is_told_at_once_what_only_it_can_read(me, service, browser):
    assert tell(me, text="My card number is 4111") == 1
    assert sweep() == 1
    request = service.received[0]
    assert json.loads(browser.read(request.body)) == {
        "title": "The system replied to #20418", "text": "", "url": "/tickets/20418/", "lang": "en",
        "tag": f"{Notification.objects.get().subject_kind}:{Brand.default().pk}",
    }  # fmt: skip
    assert (request.headers["content-encoding"], request.headers["urgency"]) == ("aes128gcm", "normal")
    assert int(request.headers["ttl"]) == 12 * 3600
    assert len(request.headers["topic"]) == 32
    claims = claims_of(request.headers["authorization"])
    assert claims["aud"] == service.endpoint().removesuffix("/push/browser")
    assert claims["key"] == PushKey.objects.get().public
    assert claims["exp"] - NOON.timestamp() <= 24 * 3600
    assert not PushMessage.objects.exists()
    assert PushSubscription.objects.get().last_sent_at


def test_the_private_key_is_stored_encrypted_and_made_once(me):
    row = PushKey.objects.get()
    assert len(decrypt(row.private)) == 64
    assert decrypt(row.private) not in row.private
    assert make_push_key(actor=SYSTEM).public == row.public


def test_news_of_one_record_are_one_message_with_the_newest(me, service, browser):
    for number in ("#1", "#2", "#3"):
        tell(me, number=number)
    assert sweep() == 1
    assert [json.loads(browser.read(got.body))["title"] for got in service.received] == ["The system replied to #3"]
    assert sweep() == 0


def test_a_line_that_was_read_first_is_not_pushed(me, service):
    tell(me)
    mark_all_read(actor=actor_for(me))
    sweep()
    assert service.received == []
    assert not PushMessage.objects.exists()


def test_who_may_no_longer_know_or_is_suspended_is_told_nothing(me, service, monkeypatch):
    tell(me)
    monkeypatch.setitem(
        notification_kinds._entries,
        "test.replied",
        NotificationKind("test.replied", "Reply", "Replies", "console.manage_staff"),
    )
    sweep()
    assert not PushMessage.objects.exists()
    monkeypatch.setitem(notification_kinds._entries, "test.replied", KINDS[0])
    tell(me)
    me.is_active = False
    me.save()
    sweep()
    assert service.received == []


def test_an_excerpt_only_where_the_person_wants_it(me, service, browser):
    save_delivery(
        actor=actor_for(me), values={**QUIET, "quiet_from": None, "quiet_until": None, "push_shows_text": True}
    )
    tell(me, text="It works again.")
    sweep()
    assert json.loads(browser.read(service.received[0].body))["text"] == "It works again."


def test_quiet_time_holds_what_is_not_urgent(me, service):
    save_delivery(actor=actor_for(me), values=QUIET)
    tell(me)
    sweep()
    assert service.received == []
    row = PushMessage.objects.get()
    assert (row.next_attempt_at, row.attempts) == (NOON.replace(hour=13), 0)
    tell(me, "test.urgent")
    sweep(NOON + 2 * SECOND)
    assert [got.headers["urgency"] for got in service.received] == ["high"]


def test_push_alone_shows_nowhere_else_and_is_done_once_sent(me, service):
    choose(me, "test.replied", in_app=False)
    tell(me)
    assert not Notification.objects.visible_to(actor_for(me)).exists()
    sweep()
    assert len(service.received) == 1
    assert not Notification.objects.unread().exists()


def test_without_a_device_push_is_no_channel(me):
    remove_device(actor=actor_for(me), subscription_id=PushSubscription.objects.get().pk)
    choose(me, "test.replied", in_app=False)
    assert tell(me) == 0


def test_a_muted_record_and_a_switched_off_channel_push_nothing(me):
    choose(me, "test.replied", push=False)
    tell(me)
    assert not PushMessage.objects.exists()
    choose(me, "test.replied")
    mute(actor=actor_for(me), notification_id=Notification.objects.get().pk)
    tell(me)
    assert not PushMessage.objects.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(me, service, status):
    service.answers = [(status, {})]
    tell(me)
    sweep()
    assert not PushSubscription.objects.exists()
    assert not PushMessage.objects.exists()


def test_a_busy_service_is_asked_again_when_it_says(me, service):
    service.answers = [(429, {"Retry-After": "90"}), (503, {})]
    tell(me)
    for later in (1, 92, 300):
        sweep(NOON + later * SECOND)
    assert len(service.received) == 3
    assert PushSubscription.objects.get().last_error == ""
    assert not PushMessage.objects.exists()


def test_a_refusal_is_shown_and_not_repeated(me, service, client):
    service.answers = [(403, {})]
    tell(me)
    sweep()
    assert not PushMessage.objects.exists()
    client.force_login(me)
    assert "The last message did not go: 403" in client.get(reverse("notifications:settings")).content.decode()


def test_after_six_tries_it_is_given_up(me, service):
    service.answers = [(500, {})] * 20
    tell(me)
    at = NOON
    while PushMessage.objects.exists():
        at += dt.timedelta(hours=1, seconds=1)
        sweep(at)
    assert len(service.received) == 6


def test_news_during_the_sending_go_out_after_it(me, service, monkeypatch):
    from crm.notifications.push import sending

    transmit = sending._transmit

    def slow(*args):
        answer = transmit(*args)
        tell(me, number="#new")
        return answer

    tell(me)
    monkeypatch.setattr(sending, "_transmit", slow)
    sweep()
    monkeypatch.setattr(sending, "_transmit", transmit)
    assert sweep(NOON + 2 * SECOND) == 1
    assert len(service.received) == 2


def test_a_restored_copy_pushes_nothing(me, service):
    installation.hold("restored")
    tell(me)
    assert sweep() == 0
    assert service.received == []
    assert PushMessage.objects.count() == 1


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.com/a", "https://10.0.0.8/a", "https://[::1]/", "https://169.254.169.254/latest", "ftp://x.y/",
     "https://user:secret@push.example.com/", "https://intranet/a", "https://", "https://push.example.com:x/", "",
     "https://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_an_endpoint_inside_the_network_is_refused(people, browser, settings, endpoint):
    settings.OUTBOUND_LOOPBACK = False
    with pytest.raises(AddressRefused):
        check(endpoint)
    with pytest.raises(Invalid):
        subscribe_device(actor=actor_for(people[0]), endpoint=endpoint, **browser.keys())


def test_a_public_name_that_leads_inside_is_refused_when_it_goes(me, settings, monkeypatch):
    settings.OUTBOUND_LOOPBACK = False
    PushSubscription.objects.update(endpoint="https://push.example.com/a")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: [(2, 1, 6, "", ("192.168.1.4", 443))])
    tell(me)
    sweep()
    assert PushSubscription.objects.get().last_error == "an address of a private network"
    assert not PushMessage.objects.exists()


@pytest.mark.parametrize(
    "keys", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "ü"}, {"p256dh": encode(b"\x04" * 65)}]
)
def test_keys_that_no_browser_made_are_refused(people, service, browser, keys):
    with pytest.raises(Invalid):
        subscribe_device(actor=actor_for(people[0]), endpoint=service.endpoint(), **{**browser.keys(), **keys})


def test_devices_are_turned_on_listed_and_removed(client, people, service, browser):
    client.force_login(people[0])
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
    posted = {"endpoint": service.endpoint(), **browser.keys()}
    page = client.post(reverse("notifications:push_subscribe"), posted, headers={"user-agent": agent}, follow=True)
    assert "Chrome · Android" in page.content.decode()
    device = PushSubscription.objects.get()
    with pytest.raises(NotFound):
        remove_device(actor=actor_for(people[1]), subscription_id=device.pk)
    client.post(reverse("notifications:push_remove", args=[device.pk]))
    assert not PushSubscription.objects.exists()
    refused = client.post(reverse("notifications:push_subscribe"), {"endpoint": "http://10.0.0.1/"}, follow=True)
    assert "push service cannot be used" in refused.content.decode()


def test_signing_out_turns_off_the_browser_that_signs_out(client, people, service, browser):
    client.force_login(people[0])
    elsewhere = subscribe_device(actor=actor_for(people[0]), endpoint=service.endpoint("elsewhere"), **browser.keys())
    client.post(reverse("notifications:push_subscribe"), {"endpoint": service.endpoint(), **browser.keys()})
    del client.cookies["sessionid"]  # the session ends by itself, and another begins
    client.force_login(people[0])
    client.post(reverse("console:logout"))
    assert list(PushSubscription.objects.all()) == [elsewhere]


def test_signing_out_leaves_alone_what_a_colleague_turned_on_since(client, people, service, browser):
    client.force_login(people[0])
    client.post(reverse("notifications:push_subscribe"), {"endpoint": service.endpoint(), **browser.keys()})
    subscribe_device(actor=actor_for(people[1]), endpoint=service.endpoint(), **browser.keys())
    client.post(reverse("console:logout"))
    assert PushSubscription.objects.get().user == people[1]


def test_a_browser_belongs_to_who_used_it_last(me, people, service, browser):
    tell(me)
    subscribe_device(actor=actor_for(people[1]), endpoint=service.endpoint(), **browser.keys())
    sweep()
    assert service.received == []
    assert PushSubscription.objects.get().user == people[1]


def test_the_worker_is_served_at_the_root(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert b"notificationclick" in answer.content
