"""A visit keeps its place and photos, on the timeline and for those who may see the customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.files.models import Attachment
from crm.files.tests.builders import picture
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.models import Interaction
from customers.places import map_url, position_of

from .builders import make_customer

pytestmark = pytest.mark.django_db
RIGHTS = ("customers.view", "customers.update")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(name: str = "gate.png", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), "image/png")


def test_a_visit_is_sent_from_a_phone_and_shown_to_who_sees_the_customer() -> None:
    customer = make_customer("Acme")
    client, stranger = signed_in(staff(*RIGHTS)), signed_in(staff(*RIGHTS, scope=Scope.OWN))
    address = reverse("customers:interaction_create", args=[customer.number])
    form = client.get(f"{address}?kind=visit").content.decode()
    assert 'capture="environment"' in form and 'enctype="multipart/form-data"' in form and "hidden" in form
    sent = {"kind": "visit", "text": "Saw the line", "place": "工业路 12 号", "position": "31.230416, 121.473701",
            "camera": photo("now.png"), "photos": [photo("a.png"), photo("b.png")]}  # fmt: skip
    assert client.post(address, sent).status_code == 302
    talk = Interaction.objects.get()
    assert (talk.place, talk.position) == ("工业路 12 号", (Decimal("31.230416"), Decimal("121.473701")))
    files = list(Attachment.objects.on("interaction", talk.pk))
    assert [file.name for file in files] == ["now.png", "a.png", "b.png"]
    page = client.get(reverse("customers:customer_detail", args=[customer.number])).content.decode()
    assert 'href="geo:31.230416,121.473701?q=31.230416,121.473701"' in page and "工业路 12 号" in page
    assert page.count(files[1].preview_url) == 1
    assert client.get(files[0].preview_url).status_code == 200
    assert stranger.get(files[0].preview_url).status_code == 404


def test_what_is_no_picture_or_lies_nowhere_is_refused_beside_its_field() -> None:
    customer, client = make_customer(), signed_in(staff(*RIGHTS))
    address = reverse("customers:interaction_create", args=[customer.number])
    for wrong in ({"photos": [photo("list.csv", b"a,b\r\n1,2\r\n")]}, {"position": "91, 10"}, {"position": "here"}):
        answer = client.post(address, {"kind": "visit", "text": "Was there", **wrong})
        assert answer.status_code == 422 and "Was there" in answer.content.decode(), wrong
    assert not Interaction.objects.exists() and not Attachment.objects.exists()
    with pytest.raises(Invalid) as told:
        actions.log_interaction(
            actor=Actor.system(), customer=customer, kind="visit", text="Many",
            photos=[photo(f"{n}.png") for n in range(11)],
        )  # fmt: skip
    assert list(told.value.fields) == ["photos"]


def test_a_place_opens_in_any_map() -> None:
    assert position_of(" 31.2304，-121.4 ") == (Decimal("31.230400"), Decimal("-121.400000"))
    assert map_url("", None) == "" and map_url("工业路 1", None) == "geo:0,0?q=%E5%B7%A5%E4%B8%9A%E8%B7%AF%201"
    assert map_url("x", position_of("31.5,-121")) == "geo:31.5,-121?q=31.5,-121"
