"""Settings › Custom fields: the list, a new field, its choices, switching off."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.fields.actions import save_custom_field
from crm.fields.models import CustomField
from crm.fields.tests.builders import make_field
from crm.testing.suites import CreateSuite, ListSuite, UpdateSuite, signed_in, staff

pytestmark = pytest.mark.django_db
MANAGE = "fields.manage"
SYSTEM = Actor.system()
LIST = "console:custom_field_list"
_keys = itertools.count(1)


def choices(*texts: tuple[str, str], more: bool = False) -> dict[str, Any]:
    """What the rows of choices send."""
    sent: dict[str, Any] = {"options-TOTAL_FORMS": str(len(texts))}
    for number, (english, chinese) in enumerate(texts):
        row = f"options-{number}"
        sent |= {f"{row}-place": str(number), f"{row}-en": english, f"{row}-zh-hans": chinese, f"{row}-offered": "on"}
    return {**sent, "options-more": "1"} if more else sent


class TestList(ListSuite):
    url_name = LIST
    permission = MANAGE

    def make(self, count: int) -> Any:
        return [make_field(("text", "choice", "date")[number % 3]) for number in range(count)]


class TestCreate(CreateSuite):
    url_name = "console:custom_field_create"
    permission = MANAGE
    kept = "Parcel"

    def good(self) -> dict[str, Any]:
        return {
            "kind": kinds["ticket"].code, "name_en": "Parcel number", "name_zh_hans": "运单号", "type": "text",
            "key": f"parcel_{next(_keys)}", "is_active": "on", "is_listed": "on", "order": "50",
        }  # fmt: skip

    def bad(self) -> dict[str, Any]:
        return self.good() | {"key": "Parcel Number!"}

    def rows(self) -> Any:
        return CustomField.objects.all()


class TestUpdate(UpdateSuite):
    url_name = "console:custom_field_update"
    permission = MANAGE
    kept = "Find it on the label"

    def make_one(self) -> Any:
        return make_field()

    def change(self) -> dict[str, Any]:
        return {"order": "7"}

    def bad(self) -> dict[str, Any]:
        return {"help_en": "Find it on the label", "order": "soon"}

    def rival(self, record: Any) -> None:
        save_custom_field(actor=SYSTEM, record=record, values={"order": 9})

    def changed(self, record: Any) -> bool:
        return CustomField.objects.get(pk=record.pk).order == 7


@pytest.fixture
def client() -> Client:
    return signed_in(staff(MANAGE))


def test_choices_are_typed_in_rows_and_ordered_by_place(client: Client) -> None:
    url = reverse("console:custom_field_create")
    good = TestCreate().good() | {"type": "choice", "key": "carrier"}
    assert client.post(url, good | choices()).status_code == 422
    again = client.post(url, good | choices(("SF Express", "顺丰"), more=True))
    assert again.status_code == 422 and "顺丰" in again.content.decode() and not CustomField.objects.exists()
    sent = choices(("SF Express", "顺丰"), ("", "京东"), ("", "")) | {"options-1-place": "-1", "options-0-place": "5"}
    assert client.post(url, good | sent).status_code == 302
    field = CustomField.objects.get(key="carrier")
    assert [(option["value"], option.get("zh-hans")) for option in field.options] == [
        ("sf_express", "顺丰"),
        ("京东", "京东"),
    ]
    assert Activity.objects.get(type=520).data["key"] == "carrier"
    page = client.get(reverse("console:custom_field_update", args=[field.pk]))
    assert 'name="options-1-value" value="京东"' in page.content.decode()


def test_another_order_of_the_same_choices_is_a_change(client: Client) -> None:
    field = make_field("choice")
    url = reverse("console:custom_field_update", args=[field.pk])
    page = client.get(url)
    sent: dict[str, Any] = TestUpdate().sent(client, field) | {"_shown": page.context["shown"]}
    sent |= {"options-TOTAL_FORMS": "3"}
    for number, option in enumerate(field.options):
        row = f"options-{number}"
        sent |= {f"{row}-{key}": option[key] for key in ("value", "en", "zh-hans")}
        sent |= {f"{row}-place": str(10 - number), f"{row}-offered": "on"}
    answer = client.post(url, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert [option["value"] for option in CustomField.objects.get(pk=field.pk).options] == ["blue", "green", "red"]


def test_the_list_and_the_page_say_how_many_records_answer(client: Client) -> None:
    field = make_field("text", "order_number")
    assert (
        "No record answers it yet."
        in client.get(reverse("console:custom_field_update", args=[field.pk])).content.decode()
    )
    assert signed_in(staff("console.view_settings")).get(reverse(LIST)).status_code == 403


def test_a_page_that_hides_the_choices_leaves_them_as_they_are(client: Client) -> None:
    field = make_field("choice")
    sent = TestUpdate().sent(client, field) | {"order": "3"}
    sent.pop("options", None)
    assert client.post(reverse("console:custom_field_update", args=[field.pk]), sent).status_code == 302
    row = CustomField.objects.get(pk=field.pk)
    assert row.order == 3 and row.options == field.options
