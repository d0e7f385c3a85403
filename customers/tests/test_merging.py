"""Two customers, or two contacts, become one, and are taken apart again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.activity.selectors import timeline
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import DomainError, NotFound
from crm.fields.tests.builders import make_field
from crm.planner.actions import add_task
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.choices import ConsentChannel, CustomerKind
from customers.exceptions import CannotUndo, Circle, NotMergeable
from customers.lifecycles import lifecycles
from customers.models import Address, Contact, Customer, Equipment, Merge, Order, PossibleDuplicate
from customers.recognising.pairs import find_pairs
from customers.selectors import consents_of, deleted_customers

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_every_foreign_key_to_a_customer_or_contact_is_claimed() -> None:
    """Whoever adds one says in a lifecycle.py what merging means for it."""
    claimed = {path for entry in lifecycles for path in entry.claims}
    keys = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in (Customer, Contact):
                keys.add(f"{model._meta.label}.{field.name}")
    assert claimed == keys


def world() -> tuple[Customer, Customer]:
    """Two records of one company, each with everything that can hang on one."""
    made = []
    for number, name in enumerate(("North Wind Ltd", "North Wind")):
        row = make_customer(name, industry="Steel" if number else "")
        person = make_contact(row, name="Ann Lee", job_title="Buyer" if number else "")
        line = NewLine(quantity=Decimal(1), unit_price=Decimal(5), name="Paper")
        order = actions.place_order(actor=SYSTEM, customer=row, lines=[line], values={"contact": person})
        values = {"name": "Printer", "serial_number": f"S{number}"}
        device = actions.save_equipment(actor=SYSTEM, customer=row, values=values)
        actions.set_concern(actor=SYSTEM, subject=order, customer=row, wants="repair", order=order, equipment=device)
        actions.save_address(actor=SYSTEM, customer=row, values={"line": f"Mill Lane {number}"})
        actions.save_billing_title(actor=SYSTEM, customer=row, values={"title": f"North Wind {number}"})
        actions.log_interaction(actor=SYSTEM, customer=row, kind="call", text=f"Call {number}", contact=person)
        actions.set_collaborators(actor=SYSTEM, customer=row, users=[_colleague(number), _colleague(2)])
        add_task(actor=SYSTEM, subject=row, title=f"Task {number}", source_key="same")
        made.append(row)
    make_customer("North Wind Leeds", parent=made[1])
    return Customer.objects.get(pk=made[0].pk), Customer.objects.get(pk=made[1].pk)


def _colleague(number: int) -> User:
    found = User.objects.filter(email=f"colleague{number}@example.com").first()
    return found or User.objects.create(email=f"colleague{number}@example.com", name=f"Colleague {number}")


def snapshot() -> dict[str, Any]:
    """Every row of every table that merging may touch, to compare before and after."""
    found = {}
    names = (
        "customers.Customer", "customers.Contact", "customers.Identity", "customers.Consent", "customers.Address",
        "customers.BillingTitle", "customers.Collaborator", "customers.Interaction", "customers.Order",
        "customers.Equipment", "customers.Concern", "planner.Task", "activity.Anchor",
    )  # fmt: skip
    for name in names:
        model: Any = apps.get_model(name)
        found[name] = list(model._base_manager.order_by("pk").values())
    return found


def test_everything_goes_over_and_comes_back_exactly() -> None:
    into, other = world()
    before = snapshot()
    merge = actions.merge_customers(actor=SYSTEM, into=into, others=[other], values={"industry": "Steel"})
    into.refresh_from_db()
    assert into.industry == "Steel"
    assert Order.objects.filter(customer=into).count() == Equipment.objects.filter(customer=into).count() == 2
    assert into.concerns.count() == into.interactions.count() == 2
    assert into.addresses.count() == into.billing_titles.count() == 2
    assert into.addresses.filter(is_main=True).count() == into.billing_titles.filter(is_main=True).count() == 1
    assert into.collaborators.count() == 3
    assert Customer.objects.get(name="North Wind Leeds").parent == into
    [person] = Contact.objects.filter(customer=into)
    assert person.identities.count() == 4 and person.job_title == "Buyer"
    assert person.identities.filter(is_primary=True).count() == 2
    assert person.orders.count() == 2
    assert not Customer.objects.filter(pk=other.pk).exists()
    assert not deleted_customers(SYSTEM).filter(pk=other.pk).exists()
    said = [entry.text for entry in timeline(SYSTEM, into, limit=100).entries]
    assert {"Call 0", "Call 1"} <= set(said)
    actions.undo_merge(actor=SYSTEM, merge=merge)
    after = snapshot()
    new = {row["id"] for row in after["activity.Anchor"]} - {row["id"] for row in before["activity.Anchor"]}
    after["activity.Anchor"] = [row for row in after["activity.Anchor"] if row["id"] not in new]
    for rows in (*before.values(), *after.values()):
        for row in rows:
            row.pop("updated_at", None)
    assert after == before


def test_merging_twice_is_one_merge_and_undoing_twice_one_undo() -> None:
    into, other = make_customer("A1"), make_customer("A2")
    first = actions.merge_customers(actor=SYSTEM, into=into, others=[other])
    count = Activity.objects.count()
    assert actions.merge_customers(actor=SYSTEM, into=into, others=[other]) == first
    assert Activity.objects.count() == count
    actions.undo_merge(actor=SYSTEM, merge=first)
    count = Activity.objects.count()
    actions.undo_merge(actor=SYSTEM, merge=first)
    assert Activity.objects.count() == count
    assert actions.merge_customers(actor=SYSTEM, into=into, others=[other]).pk != first.pk


def test_the_stricter_consent_holds_and_comes_back() -> None:
    channels = ConsentChannel.EMAIL, ConsentChannel.SMS, ConsentChannel.PHONE, ConsentChannel.CHAT
    customer = make_customer()
    one, two = make_contact(customer), make_contact(customer)
    email, sms, phone, chat = channels
    said = {one: {email: True, sms: False, phone: True}, two: {email: True, sms: True, chat: False}}
    for person, granted in said.items():
        actions.set_consents(actor=SYSTEM, contact=person, granted=granted, how="on the phone")
    merge = actions.merge_contacts(actor=SYSTEM, into=one, others=[two])
    after = consents_of(one)
    assert (after[email], after[sms], after[phone], after[chat]) == (True, False, False, False)
    actions.undo_merge(actor=SYSTEM, merge=merge)
    assert consents_of(one)[phone] is True and consents_of(one)[chat] is None
    assert consents_of(two)[sms] is True and consents_of(two)[phone] is None


def test_what_changed_since_stands_in_the_way_of_undoing_and_is_named() -> None:
    into, other = world()
    merge = actions.merge_customers(actor=SYSTEM, into=into, others=[other], values={"industry": "Steel"})
    actions.update_customer(actor=SYSTEM, customer=into, values={"industry": "Glass"})
    Address.objects.filter(line="Mill Lane 1").delete()
    before = snapshot()
    with pytest.raises(CannotUndo) as caught:
        actions.undo_merge(actor=SYSTEM, merge=merge)
    assert "Industry was changed since" in str(caught.value) and "Addresses: 1 were deleted" in str(caught.value)
    assert snapshot() == before
    assert Merge.objects.get().undone_at is None


def test_a_code_taken_meanwhile_stands_in_the_way_too() -> None:
    code = "91350100M000100Y43"
    into, other = make_customer(), make_customer(registration_code=code)
    merge = actions.merge_customers(actor=SYSTEM, into=into, others=[other])
    make_customer("Newcomer", registration_code=code)
    with pytest.raises(CannotUndo):
        actions.undo_merge(actor=SYSTEM, merge=merge)


def test_the_survivor_takes_a_code_and_custom_values() -> None:
    make_field("text", key="route", kind="customer")
    code = "91350100M000100Y43"
    into, other = make_customer(), make_customer(registration_code=code, custom_route="7")
    values = {"registration_code": code, "custom_route": "7"}
    merge = actions.merge_customers(actor=SYSTEM, into=into, others=[other], values=values)
    into.refresh_from_db()
    assert (into.registration_code, into.custom) == (code, {"route": "7"})
    actions.undo_merge(actor=SYSTEM, merge=merge)
    into.refresh_from_db()
    assert (into.registration_code, into.custom) == ("", {})
    assert Customer.objects.get(pk=other.pk).registration_code == code


def test_private_customers_are_one_person_whatever_they_are_called() -> None:
    one, two = (make_customer(name, kind=CustomerKind.PERSON) for name in ("Wang Fang", "小王"))
    make_contact(one, name="Wang Fang"), make_contact(two, name="小王")
    actions.merge_customers(actor=SYSTEM, into=one, others=[two])
    assert Contact.objects.get(customer=one).name == "Wang Fang"


def test_what_cannot_be_merged() -> None:
    own = make_customer("We")
    Customer.objects.filter(pk=own.pk).update(is_internal=True)
    parent = make_customer("Top")
    child = make_customer("Child", parent=parent)
    far = make_customer("Far")
    Customer.objects.filter(pk=parent.pk).update(parent=child.pk)  # as data of another system may be
    cases: list[tuple[type[DomainError], Any, list[Customer]]] = [
        (DomainError, far, []), (NotMergeable, far, [own]), (Circle, child, [far]),
        (DomainError, far, [make_customer() for _number in range(5)]),
    ]  # fmt: skip
    for error, into, others in cases:
        with pytest.raises(error):
            actions.merge_customers(actor=SYSTEM, into=into, others=others)
    with pytest.raises(NotMergeable):
        actions.merge_contacts(actor=SYSTEM, into=make_contact(far), others=[make_contact(parent)])


def test_one_outside_the_scope_is_not_there() -> None:
    into, theirs = make_customer(), make_customer()
    user = staff("customers.view", "customers.merge", scope=Scope.OWN)
    Customer.objects.filter(pk=into.pk).update(owner=user)
    with pytest.raises(NotFound):
        actions.merge_customers(actor=actor_for(user), into=into, others=[theirs])
    assert Customer.objects.filter(pk=theirs.pk).exists()


def test_the_page_shows_both_merges_redirects_and_undoes() -> None:
    into, other = world()
    every = ("customers.view", "customers.update", "customers.merge", "orders.view", "planner.work")
    client = signed_in(staff(*every, scope=Scope.ALL))
    page = client.get(f"/customers/{into.number}/merge/", {"with": other.pk})
    text = page.content.decode()
    assert "North Wind Ltd" in text and "Steel" in text and "Ann Lee" in text and "Orders" in text
    sent = {"with": other.pk, "into": other.pk, "choose_name": into.pk, "join_people": "1"}
    assert client.post(f"/customers/{into.number}/merge/", sent).headers["Location"].endswith(f"/{other.number}/")
    other.refresh_from_db()
    assert other.name == "North Wind Ltd"
    assert client.get(f"/customers/{into.number}/").headers["Location"].endswith(f"/{other.number}/")
    gone = Contact.all_objects.get(merged_into__isnull=False)
    assert client.get(f"/customers/contacts/{gone.pk}/").status_code == 302
    merge = Merge.objects.get()
    assert f"/customers/merges/{merge.pk}/undo/" in client.get(f"/customers/{other.number}/").content.decode()
    assert client.post(f"/customers/merges/{merge.pk}/undo/").status_code == 302
    assert client.get(f"/customers/{into.number}/").status_code == 200
    stranger = signed_in(staff("customers.view", "customers.merge", scope=Scope.OWN))
    assert stranger.get(f"/customers/merges/{merge.pk}/undo/").status_code == 404
    assert stranger.get(f"/customers/{into.number}/merge/").status_code == 404


def test_contacts_are_merged_on_their_page() -> None:
    customer = make_customer()
    one, two = make_contact(customer, name="Ann"), make_contact(customer, name="Ann Lee")
    client = signed_in(staff("customers.view", "customers.merge", scope=Scope.ALL))
    assert "Ann Lee" in client.get(f"/customers/contacts/{one.pk}/merge/").content.decode()
    sent = {"with": two.pk, "into": one.pk, "choose_name": two.pk}
    assert client.post(f"/customers/contacts/{one.pk}/merge/", sent).status_code == 302
    [person] = Contact.objects.filter(customer=customer)
    assert (person.pk, person.name, person.identities.count()) == (one.pk, "Ann Lee", 4)
    actions.undo_merge(actor=SYSTEM, merge=Merge.objects.get())
    assert {row.name for row in Contact.objects.filter(customer=customer)} == {"Ann", "Ann Lee"}


def test_pairs_are_found_shown_in_scope_and_dismissed() -> None:
    names = ("上海远航机械有限公司", "上海远航机械", "Far Away")
    one, two, _far = (make_customer(name) for name in names)
    three = make_customer("Elsewhere", website="https://www.north.example")
    four = make_customer("Other words", website="https://north.example/about")
    assert find_pairs() == 2 and find_pairs() == 0
    pairs = {(row.first_id, row.second_id): row.reason for row in PossibleDuplicate.objects.all()}
    assert pairs == {(one.pk, two.pk): "name", (three.pk, four.pk): "website"}
    client = signed_in(staff("customers.view", "customers.merge", scope=Scope.ALL))
    assert names[0] in client.get("/customers/duplicates/possible/").content.decode()
    narrow = signed_in(staff("customers.view", "customers.merge", scope=Scope.OWN))
    assert names[0] not in narrow.get("/customers/duplicates/possible/").content.decode()
    row = PossibleDuplicate.objects.get(first=one)
    assert client.post(f"/customers/duplicates/{row.pk}/different/").status_code == 302
    assert names[0] not in client.get("/customers/duplicates/possible/").content.decode()
    assert find_pairs() == 0
    actions.merge_customers(actor=SYSTEM, into=three, others=[four])
    assert "Elsewhere" not in client.get("/customers/duplicates/possible/").content.decode()


def test_the_survivor_remembers_the_later_talk() -> None:
    one, two = make_customer(), make_customer()
    later = clock.now() - dt.timedelta(hours=1)
    Customer.objects.filter(pk=two.pk).update(last_interaction_at=later)
    actions.merge_customers(actor=SYSTEM, into=one, others=[two])
    one.refresh_from_db()
    assert one.last_interaction_at == later
