"""Nobody reads or acts with more rights than their own by what somebody with more of them set up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.access import covers
from crm.accounts.models import Role, User
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.core.translated import Translated
from crm.integrations.actions import add_application, create_webhook, make_test, make_token, update_webhook
from crm.integrations.exceptions import BeyondOwnRights
from crm.testing.builders import make_user, staff
from customers.actions.segments import create_segment, update_segment
from customers.tests.builders import make_contact, make_customer
from marketing.actions import add_participant, create_campaign, update_campaign
from marketing.actions.journeys import create_journey, update_journey
from marketing.actions.landing import submit_page
from marketing.tests.landing_builders import make_page

pytestmark = pytest.mark.django_db
RIGHTS = ["integrations.manage", "integrations.own_tokens", "console.view_settings"]


def plumber() -> User:
    """Somebody who sets up integrations and may read no record."""
    user = make_user("employee")
    user.roles.set([Role.objects.create(name=Translated({"en": "Plumber"}), permissions=RIGHTS, scopes={})])
    return user


def test_an_application_that_may_more_gives_its_manager_no_token() -> None:
    administrator, manager = make_user("administrator"), plumber()
    strong = add_application(
        actor=staff(administrator), name="Warehouse", role=Role.objects.get(is_administrator=True, key="administrator")
    )
    weak = add_application(actor=staff(manager), name="Plumbing", role=manager.roles.get())
    with pytest.raises(BeyondOwnRights):
        make_token(actor=staff(manager), name="Mine", user=strong)
    assert make_token(actor=staff(manager), name="Mine", user=weak).secret
    assert make_token(actor=staff(administrator), name="Its", user=strong).secret
    client = Client()
    client.force_login(manager)
    answer = client.post(reverse("integrations:token_create"), {"name": "Mine", "user": strong.pk, "days": ""})
    assert answer.status_code == 403 and b"crm_" not in answer.content
    assert covers(staff(administrator), manager) and not covers(staff(manager), administrator)


def test_a_webhook_cannot_be_led_elsewhere_by_who_may_see_less() -> None:
    administrator, manager = make_user("administrator"), plumber()
    values = {"name": "Shop", "url": "https://shop.example/hook", "types": ["customers.created"]}
    hook = create_webhook(actor=staff(administrator), values=values).webhook
    for change in ({"url": "https://mine.example/"}, {"types": ["customers.created", "leads.captured"]}):
        with pytest.raises(BeyondOwnRights):
            update_webhook(actor=staff(manager), record=hook, values=change)
    hook.refresh_from_db()
    assert (hook.url, hook.types) == (values["url"], values["types"])
    assert not update_webhook(actor=staff(manager), record=hook, values={"is_active": False}).is_active
    update_webhook(actor=staff(administrator), record=hook, values={"url": "https://new.example/", "is_active": True})
    delivery = make_test(actor=staff(administrator), record=hook)
    type(delivery).objects.filter(pk=delivery.pk).update(body='{"object": {"name": "Nightingale"}}')
    page = reverse("integrations:delivery_detail", args=[delivery.pk])
    for user, reads in ((administrator, True), (manager, False)):
        client = Client()
        client.force_login(user)
        assert ("Nightingale" in client.get(page).content.decode()) is reads


def test_naming_an_owner_who_sees_more_customers_reaches_no_further() -> None:
    """Segments, campaigns and journeys look for customers in the name of their owner."""
    administrator, seller = make_user("administrator"), make_user("sales")
    rights = ["segments.view", "segments.manage", "journeys.view", "journeys.create", "campaigns.view",
              "campaigns.create", "customers.view"]  # fmt: skip
    scopes = {"customers": int(Scope.OWN), "journeys": int(Scope.ALL), "campaigns": int(Scope.ALL)}
    seller.roles.set([Role.objects.create(name=Translated({"en": "Own"}), permissions=rights, scopes=scopes)])
    actor, asleep = staff(seller), {"v": 1, "all": [{"field": "customer.stage", "op": "is", "value": "dormant"}]}
    makers = (
        (create_segment, update_segment, {"name": "Asleep", "condition": asleep}),
        (create_campaign, update_campaign, {"name": "Spring"}),
        (create_journey, update_journey, {"name": "Welcome"}),
    )
    for create, update, values in makers:
        with pytest.raises(Invalid) as caught:
            create(actor=actor, values={**values, "owner": administrator})
        assert set(caught.value.fields) == {"owner"}, create
        row = create(actor=actor, values=values)
        with pytest.raises(Invalid):
            update(actor=actor, record=row, values={"owner": administrator})
        row.refresh_from_db()
        assert row.owner == seller
        update(actor=staff(administrator), record=row, values={"owner": administrator})
        assert update(actor=actor, record=row, values={"name": "Renamed"}).owner == administrator


def test_a_campaign_names_nobody_whose_customer_its_reader_may_not_see() -> None:
    """Not among those who take part; and what a landing page brought is named by number in pickers, as on its list."""
    actor, reader = Actor.system(), make_user("marketer")
    role = Role.objects.create(
        name=Translated({"en": "Reader"}), permissions=["campaigns.view", "landing.view", "customers.view"],
        scopes={"campaigns": int(Scope.ALL), "landing": int(Scope.ALL), "customers": int(Scope.OWN)},
    )  # fmt: skip
    soon = clock.now() + dt.timedelta(days=3)
    event = create_campaign(actor=actor, values={"name": "Open day", "kind": "event", "starts_at": soon})
    mine, theirs = make_customer("Harbour", owner=reader), make_customer("Nightingale")
    for customer in (mine, theirs):
        add_participant(actor=actor, record=event, contact=make_contact(customer, name=f"{customer.name} Chen"))
    page, client = reverse("marketing:campaign_detail", args=[event.pk]), Client()
    client.force_login(reader)
    for roles, listed in ((reader.roles.all(), {"Harbour Chen", "Nightingale Chen"}), ([role], {"Harbour Chen"})):
        reader.roles.set(list(roles))
        assert {row.contact.name for row in client.get(page).context["participants"]} == listed
    values = {"name": "Nightingale Wu", "email": "wu@nightingale.example"}
    submit_page(actor=Actor.guest(), page=make_page(), form_key="a-key-of-a-visitor", values=values, language="en")
    told = client.get(reverse("ui:pick", args=["landing_submission"])).content.decode()
    assert "L-" in told and "Nightingale" not in told
