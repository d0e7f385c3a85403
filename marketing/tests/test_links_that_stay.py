"""Links in mails that were sent keep their word while marketing is switched off, and what they show is the reader's."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from crm.core import switches
from customers.selectors import consents_of
from marketing.models import CampaignLink, Response
from marketing.rendering import links_for, mail_for

from .builders import make_campaign, make_reader, sent_to, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def switched_off():
    yield lambda: switches.take({"marketing"})
    switches.take(())


def test_whoever_got_a_mail_can_unsubscribe_while_marketing_is_off(switched_off):
    reader = make_reader(language="zh-hans")
    campaign = start(make_campaign(reader))
    row = sent_to(campaign, reader)
    switched_off()
    strict = Client(enforce_csrf_checks=True)
    assert Client().get("/p/anything/").status_code == 404 and Client().get("/marketing/campaigns/").status_code == 404
    page = strict.get(f"/unsubscribe/{row.token}/")
    assert page.status_code == 200 and row.address in page.content.decode() and "退订" in page.content.decode()
    assert strict.post(f"/unsubscribe/{row.token}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert consents_of(reader)["email"] is False
    row.refresh_from_db()
    assert row.unsubscribed_at is not None
    assert Client().get(f"/unsubscribe/{row.token}/preferences/").status_code == 200
    assert Client().get("/unsubscribe/not-a-token/").status_code == 404
    link = CampaignLink.objects.get(campaign=campaign)
    assert Client().get(f"/m/{row.token}/c/{link.pk}/")["Location"] == "https://shop.example/offer"


def test_the_mail_is_read_in_a_browser_by_its_own_address():
    reader = make_reader(name="Ada <b>Bold</b>", language="en")
    campaign = start(make_campaign(reader))
    row = sent_to(campaign, reader)
    links = links_for(row, {})
    assert links.of("responses:shown") in mail_for(campaign, reader, "en", links).text
    answer = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}).get(f"/m/{row.token}/view/")
    text = answer.content.decode()
    assert answer.status_code == 200 and "Ada &lt;b&gt;Bold" in text and f"/m/{row.token}/c/" in text
    assert not re.search(r"<script|/o\.gif|/view/", text) and "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private" and Response.objects.filter(kind="open").count() == 1
    assert Client().get("/m/sample/view/").status_code == 404
