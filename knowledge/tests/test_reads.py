"""What contacts read while signed in to the portal, and that nobody else leaves a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from crm.core import clock, tokens
from crm.testing.suites import signed_in, staff
from customers.actions import merge_contacts, undo_merge
from customers.models import PortalSession
from customers.portals.visits import hash_token
from customers.tests.builders import make_contact
from knowledge.models import ArticleRead

from .builders import SYSTEM, make_article

pytestmark = pytest.mark.django_db


def test_a_signed_in_contacts_reading_is_kept_and_seen_by_staff():
    contact = make_contact(name="Li Lei")
    other = make_contact(contact.customer, name="Wang Fang")
    read, never = make_article("Paper jams", publish=True), make_article("Billing", publish=True)
    Client().get(read.public_url)
    assert not ArticleRead.objects.exists()

    client, token = Client(), tokens.new_token()
    PortalSession.objects.create(
        contact=contact, identity=contact.identities.filter(kind="email").get(), token_hash=hash_token(token),
        expires_at=clock.now() + dt.timedelta(days=1),
    )  # fmt: skip
    client.cookies["portal"] = token
    for _time in range(2):
        assert client.get(read.public_url).status_code == 200
    row = ArticleRead.objects.get()
    assert (row.contact, row.article, row.times, row.language) == (contact, read, 2, "en")

    reader = signed_in(staff("customers.view", "knowledge.view"))
    for kind, pk in (("customer", contact.customer.pk), ("contact", contact.pk)):
        panel = reader.get(f"/panels/{kind}/{pk}/knowledge.reads_{kind}/").content.decode()
        assert "Paper jams" in panel and "Billing" not in panel and "2 times" in panel
    assert "Paper jams" not in reader.get(f"/panels/contact/{other.pk}/knowledge.reads_contact/").content.decode()
    assert never.reads.count() == 0

    merge = merge_contacts(actor=SYSTEM, into=other, others=[contact])
    assert ArticleRead.objects.get().contact == other
    undo_merge(actor=SYSTEM, merge=merge)
    assert ArticleRead.objects.get().contact == contact
