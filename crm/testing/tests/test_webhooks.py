"""Webhooks: what is told, to whom, in which order, how it is signed, and what happens when nobody answers."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.activity.dispatch import LANES, dispatch
from crm.activity.models import Outbox
from crm.console.actions.staff import suspend_user
from crm.core import clock, installation
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.core.secrets import decrypt
from crm.integrations.actions import create_webhook, make_test, pause_webhook, send_again, update_webhook
from crm.integrations.choices import PauseReason
from crm.integrations.exceptions import AddressNotAllowed, IsPaused
from crm.integrations.models import Webhook, WebhookDelivery
from crm.integrations.tests.builders import Receiver
from crm.integrations.webhooks.delivering import deliver, forget_old, wake_due
from crm.integrations.webhooks.signing import signature
from crm.notifications.models import Notification
from crm.testing.builders import make_user, staff
from crm.testing.suites import DetailSuite, ListSuite, signed_in
from crm.testing.suites import staff as staff_with
from customers.actions import delete_customer, update_customer
from customers.tests.builders import make_customer
from tickets.actions import add_note
from tickets.models import Ticket
from tickets.tests.builders import key, make_agent, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def receiver():
    with Receiver() as found:
        yield found


def make_webhook(url: str, *types: str, owner: User | None = None, **values: object) -> Webhook:
    owner = owner or make_user("administrator")
    values = {"name": "Chat", "url": url, "types": types or ("customers.updated",), **values}
    return create_webhook(actor=staff(owner), values=values).webhook


def go_on() -> None:
    """Hands every deed to its subscribers, then sends what is due; what follows in a line goes in the next round."""
    while sum(dispatch(lane) for lane in LANES):
        pass
    for _round in range(4):
        wake_due()


def rename(customer, name: str) -> None:
    update_customer(actor=SYSTEM, customer=customer, values={"name": name})


def test_the_signature_is_that_of_the_standard():
    """The vector of https://github.com/standard-webhooks/standard-webhooks."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            '{"test": 2432232314}',
        ) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )  # fmt: skip


def test_a_deed_is_told_once_signed_with_the_record_as_its_owner_sees_it(receiver):
    webhook = make_webhook(receiver.url, "customers.updated")
    assert decrypt(webhook.secret) not in webhook.secret
    customer = make_customer("Old")
    rename(customer, "New")
    go_on()
    go_on()
    [(headers, body)] = receiver.told
    said = receiver.bodies[0]
    assert said["type"] == "customers.updated" and headers["webhook-id"] == said["id"]
    assert said["data"]["changes"] == {"name": ["Old", "New"]}
    assert said["subject"] == {
        "kind": "customer", "id": customer.pk, "number": customer.number,
        "page": reverse("customers:customer_detail", args=[customer.number]),
    }  # fmt: skip
    assert (said["object"]["number"], said["object"]["name"]) == (customer.number, "New")
    secret, moment = decrypt(webhook.secret), int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(secret, said["id"], moment, body)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.answer, delivery.attempts) == ("delivered", 200, "seen", 1)


def test_only_what_the_owner_may_see_and_the_condition_lets_through(receiver):
    ticket, foreign = submit(), submit()
    agent = make_agent(ticket.team, role="supervisor")
    User.objects.filter(pk=agent.pk).update(department=ticket.team.department)
    owner = make_user("administrator")
    whole = {"v": 1, "all": [{"field": "ticket.priority", "op": "is", "value": int(ticket.priority)}]}
    webhook = make_webhook(receiver.url, "tickets.noted", owner=owner, condition_on="ticket", condition=whole)
    Webhook.objects.filter(pk=webhook.pk).update(owner=agent)
    go_on()
    for each in (ticket, foreign):
        add_note(actor=SYSTEM, ticket=each, body="For us", form_key=key())
    go_on()
    assert [said["subject"]["number"] for said in receiver.bodies] == [ticket.number]
    Ticket.objects.filter(pk=ticket.pk).update(priority=4)
    add_note(actor=SYSTEM, ticket=ticket, body="Urgent now", form_key=key())
    go_on()
    assert len(receiver.told) == 1, "the condition no longer holds"
    agent.roles.clear()
    Webhook.objects.filter(pk=webhook.pk).update(condition={})
    add_note(actor=SYSTEM, ticket=ticket, body="Nobody's business", form_key=key())
    go_on()
    assert len(receiver.told) == 1


def test_what_was_deleted_is_told_too(receiver):
    make_webhook(receiver.url, "customers.deleted")
    customer = make_customer("Gone")
    delete_customer(actor=SYSTEM, customer=customer)
    go_on()
    assert receiver.bodies[0]["object"]["name"] == "Gone"


def test_events_of_a_record_arrive_in_order_and_others_do_not_wait(receiver):
    make_webhook(receiver.url)
    first, other = make_customer("A"), make_customer("B")
    receiver.answers = [500]
    for customer, name in ((first, "A1"), (first, "A2"), (other, "B1")):
        rename(customer, name)
    go_on()
    assert [said["object"]["number"] for said in receiver.bodies] == [first.number, other.number]
    with clock.shifted(dt.timedelta(seconds=11)):
        go_on()
    names = [said["data"]["changes"]["name"][1] for said in receiver.bodies]
    assert names == ["A1", "B1", "A1", "A2"]
    assert receiver.told[0][1] == receiver.told[2][1], "every try sends the same"
    rename(first, "A3")
    rename(first, "A4")
    held = Outbox.objects.order_by("-activity_id").first()
    Outbox.objects.exclude(pk=held.pk).update(available_at=clock.now() + dt.timedelta(hours=1))
    with clock.shifted(dt.timedelta(seconds=22)):
        go_on()
        assert len(receiver.told) == 4, "an earlier deed is still on its way to us"
    Outbox.objects.update(available_at=clock.now())
    with clock.shifted(dt.timedelta(seconds=33)):
        go_on()
    assert [said["data"]["changes"]["name"][1] for said in receiver.bodies[4:]] == ["A3", "A4"]


def test_an_address_that_fails_is_spared_then_given_up_then_switched_off(receiver):
    owner = make_user("administrator")
    webhook = make_webhook(receiver.url, owner=owner)
    receiver.answers = [503] * 1000
    rename(make_customer("A"), "B")
    go_on()
    delivery = WebhookDelivery.objects.get()
    begun, tries = delivery.created_at, [dt.timedelta()]
    while delivery.state == "waiting" and len(tries) < 40:
        at = max(filter(None, (delivery.next_at, Webhook.objects.get().quiet_until)))
        tries.append(at - begun)
        with clock.shifted(at - clock.now() + dt.timedelta(seconds=1)):
            wake_due()
        delivery.refresh_from_db()
    webhook.refresh_from_db()
    gaps = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert 8 <= len(tries) <= 20 and gaps[0] < gaps[3] < gaps[-1]
    assert dt.timedelta(hours=24) <= tries[-1] < dt.timedelta(hours=30)
    assert (delivery.state, delivery.status) == ("dead", 503)
    assert (webhook.is_active, webhook.pause_reason) == (False, PauseReason.FAILING)
    assert Notification.objects.get(user=owner).kind == "integrations.webhook_paused"
    rename(make_customer("C"), "D")
    go_on()
    assert WebhookDelivery.objects.count() == 1, "nothing is noted for a webhook that is off"
    with pytest.raises(IsPaused):
        send_again(actor=staff(owner), record=delivery)
    update_webhook(actor=staff(owner), record=webhook, values={"is_active": True})
    receiver.answers = []
    send_again(actor=staff(owner), record=delivery)
    go_on()
    delivery.refresh_from_db()
    webhook.refresh_from_db()
    assert (delivery.state, webhook.failures, webhook.pause_reason) == ("delivered", 0, "")


def test_many_failures_in_a_row_spare_the_address(receiver):
    webhook = make_webhook(receiver.url)
    receiver.answers = [500] * 100
    for number in range(9):
        rename(make_customer(f"A{number}"), f"B{number}")
    go_on()
    assert len(receiver.told) == 5, "the others wait until it has had time to recover"
    webhook.refresh_from_db()
    assert webhook.quiet_until is not None


def test_gone_switches_off_at_once(receiver):
    webhook = make_webhook(receiver.url)
    receiver.answers = [410]
    rename(make_customer("A"), "B")
    go_on()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.pause_reason) == (False, PauseReason.GONE)


def test_a_restored_copy_tells_nobody(receiver):
    make_webhook(receiver.url)
    rename(make_customer("A"), "B")
    installation.hold("restored")
    go_on()
    assert not receiver.told and WebhookDelivery.objects.get().state == "waiting"
    installation.release()
    go_on()
    assert len(receiver.told) == 1


def test_when_the_owner_leaves_nothing_is_told_and_others_hear_of_it(receiver):
    owner, colleague = staff_with("integrations.manage", "customers.view"), make_user("administrator")
    webhook = make_webhook(receiver.url, owner=owner)
    rename(make_customer("A"), "B")
    suspend_user(actor=staff(colleague), record=owner)
    rename(make_customer("C"), "D")
    go_on()
    webhook.refresh_from_db()
    assert not receiver.told and webhook.pause_reason == PauseReason.OWNER_LEFT
    assert Notification.objects.filter(user=colleague, kind="integrations.webhook_paused").count() == 1


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://10.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "https://intranet/",
     "https://user:pass@example.com/", "ftp://example.com/", "https://127.0.0.1/"],
)  # fmt: skip
def test_addresses_inside_are_refused(url, settings):
    settings.OUTBOUND_LOOPBACK = False
    with pytest.raises(AddressNotAllowed):
        make_webhook(url)


def test_a_name_that_leads_inside_is_refused_when_it_is_called_unless_the_deployer_opened_the_network(
    receiver, settings, monkeypatch
):
    settings.OUTBOUND_LOOPBACK = False
    port = int(receiver.url.split(":")[2].split("/")[0])
    inside = [(2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr("crm.core.outbound.socket.getaddrinfo", lambda *_a, **_k: inside)
    webhook = make_webhook("https://shop.example/hook")
    rename(make_customer("A"), "B")
    go_on()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, receiver.told) == ("dead", [])
    assert "private network" in delivery.error
    settings.OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    Webhook.objects.update(url=f"http://shop.example:{port}/hook")
    send_again(actor=staff(webhook.owner), record=delivery)
    go_on()
    assert len(receiver.told) == 1


def test_a_test_is_sent_at_once_and_says_how_it_went(receiver):
    owner = make_user("administrator")
    webhook = make_webhook(receiver.url, owner=owner)
    browser = signed_in(owner)
    page = browser.post(reverse("integrations:webhook_test", args=[webhook.pk]), follow=True)
    assert "The address took the test." in page.content.decode()
    assert receiver.bodies[0]["type"] == "webhook.test"
    receiver.answers = [404]
    page = browser.post(reverse("integrations:webhook_test", args=[webhook.pk]), follow=True)
    assert "404" in page.content.decode()
    pause_webhook(actor=SYSTEM, record=webhook, reason=PauseReason.FAILING)
    with pytest.raises(IsPaused):
        make_test(actor=staff(owner), record=webhook)


def test_who_may_set_up_what():
    with pytest.raises(NotAllowed):
        make_webhook("https://example.com/", owner=make_user("agent"))
    for wrong in ({"name": " "}, {"types": ()}, {"types": ("no.such",)}, {"secret": "mine"}):
        with pytest.raises(Invalid):
            make_webhook("https://example.com/", **wrong)


def test_old_deliveries_are_forgotten_and_a_lost_sender_is_replaced(receiver):
    webhook = make_webhook(receiver.url)
    old = WebhookDelivery.objects.create(webhook=webhook, type="x", state="delivered")
    stuck = make_test(actor=staff(webhook.owner), record=webhook)
    lost = clock.now() - dt.timedelta(seconds=1)
    WebhookDelivery.objects.filter(pk=stuck.pk).update(state="sending", leased_until=lost)
    assert deliver(stuck.pk) and not deliver(stuck.pk)
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=31))
    forget_old()
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [stuck.pk]


class TestWebhookList(ListSuite):
    url_name, permission = "integrations:webhook_list", "integrations.manage"

    def make(self, count: int) -> list[Webhook]:
        return [make_webhook("https://example.com/", name=f"Hook {n}") for n in range(count)]


class TestDeliveryList(ListSuite):
    url_name, permission = "integrations:delivery_list", "integrations.manage"

    def make(self, count: int) -> list[WebhookDelivery]:
        webhook = make_webhook("https://example.com/")
        return [WebhookDelivery.objects.create(webhook=webhook, type="tickets.noted") for _n in range(count)]


class TestWebhookDetail(DetailSuite):
    url_name, permission = "integrations:webhook_detail", "integrations.manage"

    def make_one(self) -> Webhook:
        return make_webhook("https://example.com/")


class TestDeliveryDetail(DetailSuite):
    url_name, permission = "integrations:delivery_detail", "integrations.manage"

    def make_one(self) -> WebhookDelivery:
        return WebhookDelivery.objects.create(webhook=make_webhook("https://example.com/"), type="tickets.noted")


def test_the_form_makes_one_shows_its_secret_once_and_keeps_what_was_typed():
    browser = signed_in(make_user("administrator"))
    typed = {"name": "Chat", "url": "https://example.com/hook", "is_active": "on", "types": ["customers.updated"]}
    page = browser.post(reverse("integrations:webhook_create"), typed)
    webhook = Webhook.objects.get()
    assert decrypt(webhook.secret) in page.content.decode() and "no-store" in page["Cache-Control"]
    changed = browser.post(
        f"{reverse('integrations:webhook_update', args=[webhook.pk])}?on=customer", {**typed, "is_active": ""}
    )
    assert changed.status_code == 302
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.condition, webhook.condition_on) == (False, {}, "")
    refused = browser.post(reverse("integrations:webhook_create"), {**typed, "url": "https://10.0.0.1/", "name": "Own"})
    assert refused.status_code == 422 and "https://10.0.0.1/" in refused.content.decode()
    browser.post(reverse("integrations:webhook_delete", args=[webhook.pk]))
    assert not Webhook.objects.exists()
