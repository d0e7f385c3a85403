"""Places, billing titles, collaborators, talks, consent, registration codes, duplicates."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound, TooMany
from crm.planner.models import Task
from crm.testing.builders import give_place, make_user, staff
from customers import actions
from customers.choices import ConsentChannel
from customers.exceptions import BadChatId, BadRegistrationCode, Circle, CodeTaken, IdentityTaken
from customers.models import Address, Customer, Interaction
from customers.recognising import duplicates
from customers.recognising.registration import check_sign, normal_registration_code
from customers.selectors import consents_of

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db

#: Published codes of well-known companies.
REAL_CODES = ["91440300708461136T", "91110000802100433B", "914403001922038216"]


@pytest.mark.parametrize("code", REAL_CODES)
def test_a_real_registration_code_is_taken(code: str) -> None:
    assert normal_registration_code(f" {code[:8].lower()} {code[8:]} ") == code


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_sign_of_a_registration_code_is_seen(place: int) -> None:
    code = REAL_CODES[0]
    wrong = code[:place] + ("1" if code[place] != "1" else "2") + code[place + 1 :]
    with pytest.raises(BadRegistrationCode):
        normal_registration_code(wrong)


def test_a_registration_code_belongs_to_one_customer() -> None:
    make_customer(registration_code=REAL_CODES[0])
    other = make_customer()
    with pytest.raises(CodeTaken) as raised:
        actions.update_customer(actor=SYSTEM, customer=other, values={"registration_code": REAL_CODES[0]})
    assert "registration_code" in raised.value.fields


def test_the_check_sign_covers_each_remainder() -> None:
    assert {check_sign(f"9144030070846{number:04d}") for number in range(400)} == set("0123456789ABCDEFGHJKLMNPQRTUWXY")


def test_a_company_cannot_be_above_itself() -> None:
    top, middle = make_customer(), make_customer()
    actions.update_customer(actor=SYSTEM, customer=middle, values={"parent": top})
    below = make_customer(parent=middle)
    with pytest.raises(Circle):
        actions.update_customer(actor=SYSTEM, customer=top, values={"parent": below})
    assert Customer.objects.get(pk=top.pk).parent_id is None


def test_one_address_of_a_kind_is_the_main_one() -> None:
    customer = make_customer()
    first = actions.save_address(actor=SYSTEM, customer=customer, values={"line": "18 Xinghu Road"})
    second = actions.save_address(actor=SYSTEM, customer=customer, values={"line": "苏州园区 2 号", "is_main": True})
    assert first.is_main
    assert list(Address.objects.filter(is_main=True)) == [second]


def test_an_address_of_another_customer_is_not_found() -> None:
    address = actions.save_address(actor=SYSTEM, customer=make_customer(), values={"line": "Here"})
    with pytest.raises(NotFound):
        actions.save_address(actor=SYSTEM, customer=make_customer(), values={"line": "There"}, record=address)


def test_an_address_needs_a_street() -> None:
    with pytest.raises(Invalid) as raised:
        actions.save_address(actor=SYSTEM, customer=make_customer(), values={"line": "\u200b "})
    assert "line" in raised.value.fields


def test_removing_a_billing_title_twice_is_harmless() -> None:
    customer = make_customer()
    title = actions.save_billing_title(actor=SYSTEM, customer=customer, values={"title": "苏州恒益精密机械有限公司"})
    for _time in range(2):
        actions.remove_detail(actor=SYSTEM, customer=customer, record=title)
    assert Activity.objects.filter(object_id=customer.pk).count() == 3  # created, saved, removed


def test_a_collaborator_sees_the_customer_and_no_other(sales_person: Actor) -> None:
    mine, other = make_customer(), make_customer()
    actions.set_collaborators(actor=SYSTEM, customer=mine, users=[_user(sales_person)])
    assert list(Customer.objects.visible_to(sales_person)) == [mine]
    actions.set_collaborators(actor=SYSTEM, customer=mine, users=[])
    assert not Customer.objects.visible_to(sales_person).filter(pk=other.pk).exists()
    assert not Customer.objects.visible_to(sales_person).exists()


def test_a_talk_is_kept_moves_the_last_follow_up_and_leaves_a_task() -> None:
    user = make_user("sales")
    actor = staff(user)
    customer = actions.create_customer(actor=actor, values={"name": "Hengyi"})
    person = actions.add_contact(actor=actor, customer=customer, name="Zhao Jianguo")
    then = clock.now() + dt.timedelta(days=1)
    given = {
        "kind": "call", "text": "Lines 4 to 6 approved", "contact": person, "minutes": 12, "follow_up_at": then,
        "form_key": "one-form-of-a-talk",
    }  # fmt: skip
    first = actions.log_interaction(actor=actor, customer=customer, **given)
    again = actions.log_interaction(actor=actor, customer=customer, **given)
    customer.refresh_from_db()
    task = Task.objects.get()
    assert first == again
    assert Interaction.objects.count() == 1
    assert customer.last_interaction_at == first.happened_at
    assert (task.assignee, task.due_at) == (user, then)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "telepathy"}, "kind"),
        ({"text": "  "}, "text"),
        ({"minutes": 1441}, "minutes"),
        ({"happened_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, "happened_at"),
        ({"follow_up_at": dt.datetime(1999, 1, 1, tzinfo=dt.UTC)}, "follow_up_at"),
        ({"outcome": "bribed"}, "outcome"),
    ],
)
def test_a_talk_that_cannot_be_is_refused(values: dict[str, object], field: str) -> None:
    given: dict[str, object] = {"kind": "call", "text": "Hello", **values}
    with pytest.raises(Invalid) as raised:
        actions.log_interaction(actor=SYSTEM, customer=make_customer(), **given)  # type: ignore[arg-type]
    assert list(raised.value.fields) == [field]


def test_an_older_talk_leaves_the_last_follow_up() -> None:
    customer = make_customer()
    now = actions.log_interaction(actor=SYSTEM, customer=customer, kind="call", text="Now")
    old = clock.now() - dt.timedelta(days=9)
    actions.log_interaction(actor=SYSTEM, customer=customer, kind="visit", text="Then", happened_at=old)
    customer.refresh_from_db()
    assert customer.last_interaction_at == now.happened_at


def test_consent_is_kept_channel_by_channel_with_how_it_was_given() -> None:
    person = make_contact()
    granted = {ConsentChannel.EMAIL: True, ConsentChannel.SMS: False}
    actions.set_consents(actor=SYSTEM, contact=person, granted=granted, how="By phone, Monday")
    actions.set_consents(actor=SYSTEM, contact=person, granted=granted, how="")
    said = consents_of(person)
    assert (said["email"], said["sms"], said["phone"]) == (True, False, None)
    assert person.consents.count() == 2


def test_consent_without_how_is_refused() -> None:
    with pytest.raises(Invalid) as raised:
        actions.set_consents(actor=SYSTEM, contact=make_contact(), granted={"email": True}, how=" ")
    assert "how" in raised.value.fields


def test_a_chat_id_belongs_to_one_person_and_survives_a_form_without_chats() -> None:
    person = make_contact(chats={"wechat": "li_lei_77"})
    with pytest.raises(IdentityTaken):
        make_contact(chats={"wechat": "li_lei_77"})
    actions.update_contact(actor=SYSTEM, contact=person, name="Li Lei", emails=[], phones=[])
    assert [row.value for row in person.identities.all()] == ["li_lei_77"]
    with pytest.raises(BadChatId):
        make_contact(chats={"wecom": "two words"})


def test_a_duplicate_outside_the_scope_is_named_by_its_owner_only(sales_person: Actor) -> None:
    owner = make_user(name="Chen Hao")
    make_customer("苏州恒益精密机械有限公司", owner=owner)
    hits = duplicates.find_duplicates(actor=sales_person, name="苏州恒益精密机械")
    assert [(hit.customer, hit.owner, hit.certain) for hit in hits] == [(None, "Chen Hao", True)]
    assert Activity.objects.filter(actor_id=sales_person.id).exists()


@pytest.mark.parametrize("asked", [{"email": "LI@hengyi.example"}, {"phone": "138 0000 1234"}])
def test_a_duplicate_is_found_by_a_persons_address(asked: dict[str, str]) -> None:
    person = make_contact(emails=["li@hengyi.example"], phones=["13800001234"])
    hits = duplicates.find_duplicates(actor=SYSTEM, **asked)
    assert [hit.customer for hit in hits] == [person.customer]


def test_a_similar_name_is_shown_but_not_certain() -> None:
    customer = make_customer("Northwind Trading Limited")
    hits = duplicates.find_duplicates(actor=SYSTEM, name="Northwind Tradings")
    assert [(hit.customer, hit.certain) for hit in hits] == [(customer, False)]
    assert duplicates.find_duplicates(actor=SYSTEM, name="Zzyzx Quarry") == []


def test_looking_for_duplicates_is_limited_and_asks_for_a_right(
    sales_person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "LIMIT_AN_HOUR", 2)
    for _look in range(2):
        duplicates.find_duplicates(actor=sales_person, name="Anybody")
    with pytest.raises(TooMany):
        duplicates.find_duplicates(actor=sales_person, name="Anybody")
    with pytest.raises(NotAllowed):
        duplicates.find_duplicates(actor=staff(make_user("auditor")), name="Anybody")


@pytest.fixture
def sales_person() -> Actor:
    """Somebody who sees what they own and nothing else."""
    user = make_user("sales")
    give_place(user)
    actor = staff(user)
    assert actor.scope("customers") == Scope.OWN
    return actor


def _user(actor: Actor) -> User:
    return User.objects.get(pk=actor.id)
