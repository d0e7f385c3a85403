"""What may be picked, by kind: nothing is told that its page masks, and a kind without readers is no kind."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.sockets import attachment_owners, kinds
from crm.files.actions import attach_file
from crm.testing.builders import make_user, staff
from customers.tests.builders import make_contact, make_customer
from marketing.actions import add_suppression
from marketing.models import Suppression
from sales.tests.contract_builders import signed

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
ADDRESS = "quiet.person@secret.example"


def test_no_kind_answers_with_an_error_of_ours() -> None:
    client = Client()
    client.force_login(make_user("administrator"))
    answers = {kind.key: client.get(reverse("ui:pick", args=[kind.key]), {"q": "a"}).status_code for kind in kinds}
    assert set(answers.values()) <= {200, 404}, answers
    assert answers["dead_delivery"] == 404


def test_who_keeps_the_suppression_list_learns_no_address_from_it() -> None:
    add_suppression(actor=SYSTEM, values={"address": ADDRESS})
    keeper, client = make_user("marketer"), Client()
    client.force_login(keeper)
    assert not staff(keeper).can("customers.reveal") and staff(keeper).can("campaigns.suppress")
    row = Suppression.objects.get(address=ADDRESS)
    own = [reverse(f"marketing:suppression_{name}", args=[row.pk]) for name in ("detail", "lift")]
    pages = [reverse("marketing:suppression_list"), *own, reverse("ui:pick", args=["suppression"])]
    for page in pages:
        html = client.get(page).content.decode()
        assert ADDRESS not in html and "qui***@secret.example" in html, page
    listed = pages[0]
    assert "qui***" not in client.get(listed, {"q": "quiet.p"}).content.decode()
    assert "qui***" in client.get(listed, {"q": ADDRESS}).content.decode()


def test_a_customer_opens_no_internal_file_of_their_contract() -> None:
    customer = make_customer()
    contact = make_contact(customer, language="en")
    contract = signed(customer=customer, contact=contact)
    person = Actor.contact(contact.pk, contact.name)
    for visibility in ("internal", "public"):
        file = attach_file(
            actor=SYSTEM, kind="contract", object_id=contract.pk, name="scan.txt", visibility=visibility,
            file=ContentFile(b"text", "scan.txt"),
        )  # fmt: skip
        assert attachment_owners["contract"].visible(person, contract.pk, file) is (visibility == "public")
        assert attachment_owners["contract"].visible(SYSTEM, contract.pk, file)
