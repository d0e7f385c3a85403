"""Quotes in the browser's hands: the editor, the verbs, and the customer's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.testing.builders import make_user
from customers.tests.builders import make_customer
from sales.models import Quote

from .quote_builders import line, make_quote, make_seller, sent_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_seller()


def head(**values):
    return {
        "name": "Label stations", "language": "en", "currency": "CNY", "tax_included": "on",
        "valid_until": "2099-01-01", "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0", "line-0-name": "Printer",
        "line-0-quantity": "2", "line-0-unit_price": "1000", "line-0-discount_percent": "20",
        "line-0-tax_percent": "13", **values,
    }  # fmt: skip


def test_a_quote_is_written_submitted_and_read(client, seller):
    make_user("sales_manager")
    client.force_login(seller)
    customer = make_customer("Nordlys", owner=seller)
    url = reverse("quotes:quote_create", args=[customer.pk])
    assert client.get(url).status_code == 200
    more = client.post(url, {**head(), "add_line": "1"}).content.decode()
    assert 'name="line-2-name"' in more
    assert not Quote.objects.exists()
    sums = client.post(f"{url}?totals=1", head()).content.decode()
    assert "1,600.00" in sums
    wrong = client.post(url, head(**{"line-0-name": ""}))
    assert wrong.status_code == 422
    assert "error-summary" in wrong.content.decode() and 'href="#id_line-0-name"' in wrong.content.decode()
    assert client.post(url, head()).status_code == 302
    quote = Quote.objects.get()
    client.post(reverse("quotes:quote_submit", args=[quote.pk]), {"reason": "Old customer"})
    page = client.get(reverse("quotes:quote_detail", args=[quote.pk])).content.decode()
    assert "Printer" in page
    assert "1,600.00" in page
    assert "Label stations" in client.get(reverse("quotes:quote_list")).content.decode()
    pdf = client.get(reverse("quotes:quote_pdf", args=[quote.pk]))
    assert pdf.content.startswith(b"%PDF")


def test_a_changed_draft_keeps_its_lines(client, seller):
    client.force_login(seller)
    quote = make_quote(seller, line(name="Dock"))
    url = reverse("quotes:quote_update", args=[quote.pk])
    assert "Dock" in client.get(url).content.decode()
    client.post(url, head(**{"line-0-name": "Dock 2"}))
    assert [row.name for row in quote.lines.all()] == ["Dock 2"]


def test_sending_and_a_new_version(client, seller):
    client.force_login(seller)
    quote = make_quote(seller)
    client.post(reverse("quotes:quote_submit", args=[quote.pk]), {"reason": ""})
    url = reverse("quotes:quote_send", args=[quote.pk])
    assert "here is our quote" in client.get(url).content.decode()
    assert client.post(url, {"to_email": "", "text": "Hello"}).status_code == 422
    client.post(url, {"to_email": "buyer@example.com", "text": "Hello"})
    quote.refresh_from_db()
    assert quote.state == "sent"
    client.post(reverse("quotes:quote_version", args=[quote.pk]))
    assert Quote.objects.get(supersedes=quote).state == "draft"


def test_the_customer_reads_and_accepts(client, seller):
    quote = sent_quote(seller, language="zh-hans")
    url = reverse("quotes:public", args=[quote.token])
    page = client.get(url)
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store, private"
    assert quote.label in page.content.decode()
    assert client.get(reverse("quotes:public_pdf", args=[quote.token])).content.startswith(b"%PDF")
    accept = reverse("quotes:public_accept", args=[quote.token])
    assert client.post(accept, {"name": "李雷", "content_hash": quote.content_hash}).status_code == 422
    sent = {"name": "李雷", "agrees": "on", "content_hash": quote.content_hash}
    assert client.post(accept, sent).status_code == 302
    assert client.post(accept, sent).status_code == 302
    quote.refresh_from_db()
    assert (quote.state, quote.opened_count, quote.decided_from) == ("accepted", 1, "127.0.0.1")
    assert "李雷" in client.get(url).content.decode()


def test_the_customer_declines(client, seller):
    quote = sent_quote(seller)
    client.post(reverse("quotes:public_decline", args=[quote.token]), {"no-name": "Li", "no-reason": "Too dear"})
    quote.refresh_from_db()
    assert (quote.state, quote.reason) == ("rejected", "Too dear")


def test_the_page_gives_away_nothing_else(client, seller):
    draft, quote = make_quote(seller), sent_quote(seller)
    for token in (draft.token, "nothing", str(quote.pk)):
        for name in ("public", "public_pdf"):
            assert client.get(reverse(f"quotes:{name}", args=[token])).status_code == 404
    page = client.get(reverse("quotes:public", args=[quote.token])).content.decode()
    assert seller.email not in page
    assert "/sales/quotes/" not in page
    assert client.get(reverse("quotes:quote_detail", args=[quote.pk])).status_code == 302


def test_a_look_of_a_colleague_is_not_counted(client, seller):
    quote = sent_quote(seller)
    client.force_login(seller)
    client.get(reverse("quotes:public", args=[quote.token]))
    quote.refresh_from_db()
    assert quote.opened_count == 0
