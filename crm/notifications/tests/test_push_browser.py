"""Push in a real browser: turning it on and off, and what the service worker shows. The push service is on loopback:
Chromium's own needs the internet, so `PushManager` hands out a subscription to ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.seeding import seed
from crm.notifications.actions import make_push_key, notify
from crm.notifications.models import PushSubscription
from crm.notifications.push.sending import send_due
from crm.testing import axe
from crm.testing.push import Browser, PushService, raw

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SYSTEM = Actor.system()
#: Chromium's `PushManager`, answering from here: one subscription that the page's own storage remembers.
MANAGER = """
([endpoint, key, auth]) => {
  const there = {
    endpoint,
    getKey: (name) => new Uint8Array(name === "auth" ? auth : key).buffer,
    unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
  };
  PushManager.prototype.getSubscription = async () => (localStorage.getItem("subscribed") ? there : null);
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("refused");
    localStorage.setItem("subscribed", "yes");
    return there;
  };
}
"""

#: The first notification that the service worker shows, waited for.
SHOWN = """
async () => {
  const registration = await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 100; turn += 1) {
    const [one] = await registration.getNotifications();
    if (one) return { title: one.title, body: one.body, url: one.data.url };
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return null;
}
"""


@pytest.fixture
def service() -> Any:
    running = PushService()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def device() -> Browser:
    return Browser()


@pytest.fixture
def opened(people: Any, live_server: Any, new_page: Any, client: Any, service: Any, device: Browser) -> Any:
    """Opens the notification settings as a person whose browser may, or may not, show messages."""
    seed()
    make_push_key(actor=SYSTEM)
    person = people[0]
    person.language = "en"
    person.save()
    client.force_login(person)

    def open_page(*, allowed: bool = True) -> Any:
        page = new_page()
        if allowed:
            page.context.grant_permissions(["notifications"], origin=live_server.url)
        else:
            page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
        values = [service.endpoint(), list(device.public), list(raw(device.keys()["auth"]))]
        page.add_init_script(f"({MANAGER})({values!r})")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{reverse('notifications:settings')}", wait_until="load")
        return page

    return open_page


def turn_on(page: Any) -> None:
    page.get_by_role("button", name="Turn on for this device").click()
    expect(page.get_by_text("On: this device shows")).to_be_visible()


def deliver(page: Any, origin: str, message: str) -> None:
    """Hands a push message to the page's service worker, as the browser does when its push service calls."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(row["registrationId"] for row in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    assert found, "no service worker is registered"
    tools.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[-1], "data": message}
    )  # fmt: skip


def test_a_device_is_turned_on_shows_what_came_and_is_removed(opened, live_server, people, service, device):
    page = opened()
    expect(page.get_by_text("Off: this device shows nothing")).to_be_visible()
    turn_on(page)
    expect(page.locator("[data-push-device].is-here")).to_have_count(1)
    assert axe.violations(page) == []
    assert PushSubscription.objects.get().user == people[0]

    page.check("input[name='push'][value='test.replied']")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    data = {"number": "#20418", "text": "", "actor": "Li Lei"}
    notify(actor=SYSTEM, kind="test.replied", users=[people[0]], subject=Brand.default(), data=data, url="/tickets/1/")
    with clock.at(clock.now() + dt.timedelta(minutes=1)):
        send_due()
    [came] = service.received
    deliver(page, live_server.url, device.read(came.body).decode())
    shown = page.evaluate(SHOWN)
    assert "#20418" in shown["title"] + shown["body"]
    assert shown["url"].endswith("/tickets/1/")

    page.locator("[data-push-device].is-here button").click()
    expect(page.get_by_text("Off: this device shows nothing")).to_be_visible()
    assert not PushSubscription.objects.exists()
    assert page.evaluate("() => localStorage.getItem('subscribed')") is None


def test_signing_out_turns_the_browser_off(opened, people):
    page = opened()
    turn_on(page)
    page.evaluate("() => document.querySelector('form[action=\"/accounts/logout/\"]').submit()")
    page.wait_for_url("**/accounts/login/**")
    assert not PushSubscription.objects.exists()


def test_a_browser_that_was_told_no_says_how_to_allow_it(opened):
    page = opened(allowed=False)
    expect(page.locator("[data-push-state=blocked]")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on for this device")).to_be_hidden()
