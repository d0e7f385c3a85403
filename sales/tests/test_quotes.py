"""The life of a quote: money, approval, number, mail, versions, what the customer decides."""

from __future__ import annotations

import datetime as dt
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from pypdf import PdfReader

from crm.approvals.actions import approve, reject, withdraw
from crm.approvals.models import Approval
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, NotAllowed, NotFound
from crm.fields.tests.builders import make_field
from crm.files.models import Attachment
from crm.messaging.delivery import _message
from crm.messaging.models import Conversation, OutgoingMail
from crm.testing.builders import make_department, make_user, staff
from customers.tests.builders import make_customer
from sales.actions.quote_answers import accept_quote, decline_quote, expire_quotes
from sales.actions.quote_sending import send_quote
from sales.actions.quotes import new_version, save_quote, submit_quote, void_quote
from sales.exceptions.quotes import NoLines, NotReadyToSend, QuoteChanged, QuoteInApproval, QuoteIsFixed, QuoteNotOpen
from sales.models import Quote
from sales.paper.pdf import render
from sales.quoting.diff import changes_between

from .quote_builders import line, make_quote, make_seller, sent_quote

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def accept(quote, **values):
    given = {"name": "Li Lei", "agrees": True, "address": "192.0.2.7", "content_hash": quote.content_hash, **values}
    return accept_quote(actor=Actor.guest("customer"), quote=quote, **given)


def text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def seller():
    return make_seller()


@pytest.fixture
def boss(seller):
    return make_user("sales_manager")


def test_totals_are_sums_of_rounded_lines(seller):
    quote = make_quote(seller, line("3", "33.33", "10"), line("1", "0.05"), tax_included=False)
    assert (quote.net, quote.tax, quote.gross) == (Decimal("90.04"), Decimal("11.71"), Decimal("101.75"))
    assert quote.top_discount == 10


def test_prices_that_hold_the_tax(seller):
    quote = make_quote(seller, line("1", "113"))
    assert (quote.net, quote.tax, quote.gross) == (Decimal("100.00"), Decimal("13.00"), Decimal("113.00"))


def test_a_modest_quote_needs_nobody(seller, boss):
    quote = submit_quote(actor=staff(seller), quote=make_quote(seller))
    assert quote.state == "approved"
    assert not Approval.objects.exists()


@pytest.mark.parametrize("lines", [line(discount="15.01"), line("1", "100000.01")])
def test_a_high_discount_or_total_has_to_be_approved(seller, boss, lines):
    quote = submit_quote(actor=staff(seller), quote=make_quote(seller, lines))
    assert quote.state == "in_approval"
    with pytest.raises(NotReadyToSend):
        send_quote(actor=staff(seller), quote=quote, to_email="a@example.com", text="Hello")
    with pytest.raises(QuoteInApproval):
        save_quote(actor=staff(seller), quote=quote, values={"name": "Other"})
    approve(actor=staff(boss), approval=Approval.objects.get())
    quote.refresh_from_db()
    assert quote.state == "approved"
    assert send_quote(actor=staff(seller), quote=quote, to_email="a@example.com", text="Hello").state == "sent"


@pytest.mark.parametrize("lines", [line(discount="15"), line("1", "100000")])
def test_the_limits_themselves_are_free(seller, boss, lines):
    assert submit_quote(actor=staff(seller), quote=make_quote(seller, lines)).state == "approved"


def test_refused_or_withdrawn_it_is_a_draft_again(seller, boss):
    quote = submit_quote(actor=staff(seller), quote=make_quote(seller, line(discount="30")))
    reject(actor=staff(boss), approval=Approval.objects.get(), comment="Too much")
    quote.refresh_from_db()
    assert quote.state == "draft"
    submit_quote(actor=staff(seller), quote=quote)
    withdraw(actor=staff(seller), approval=Approval.objects.get(state="pending"))
    quote.refresh_from_db()
    assert quote.state == "draft"


def test_a_later_edit_voids_the_approval(seller, boss):
    quote = submit_quote(actor=staff(seller), quote=make_quote(seller, line(discount="20")))
    approve(actor=staff(boss), approval=Approval.objects.get())
    quote = save_quote(actor=staff(seller), quote=quote, values={}, lines=[line(discount="25")])
    assert quote.state == "draft"
    assert Approval.objects.get().state == "void"
    assert submit_quote(actor=staff(seller), quote=quote).state == "in_approval"


def test_without_lines_or_with_a_passed_day_it_cannot_be_submitted(seller):
    quote = make_quote(seller)
    save_quote(actor=staff(seller), quote=quote, values={}, lines=[])
    with pytest.raises(NoLines):
        submit_quote(actor=staff(seller), quote=quote)
    quote = make_quote(seller, valid_until=clock.now().date() - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        submit_quote(actor=staff(seller), quote=quote)


def test_sending_numbers_mails_and_files(seller):
    quote = sent_quote(seller)
    year = clock.now().year
    assert quote.label == f"Q-{year}-0001"
    assert sent_quote(seller).label == f"Q-{year}-0002"
    mail = OutgoingMail.objects.order_by("pk")[0]
    assert quote.token in mail.text
    attached = _message(mail).attachments[0]
    assert attached[0] == f"{quote.label}.pdf"
    assert quote.label in text_of(attached[1])
    assert Attachment.objects.on("quote", quote.pk).count() == 1
    assert Conversation.objects.get(pk=quote.conversation_id).messages.get().body == "Here it is"


def test_the_pdf_reads_well_in_chinese(seller):
    customer = make_customer("北京云帆科技有限公司", owner=seller)
    quote = make_quote(
        seller, line(name="标签打印机 #read(\"/etc/passwd\") *粗*"), customer=customer, language="zh-hans",
        name="楼宇标签站", terms="30 天内付款。镕堃",
    )  # fmt: skip
    text = text_of(render(quote))
    for part in ("北京云帆科技有限公司", "标签打印机", "#read", "楼宇标签站", "镕堃", "2,000.00"):
        assert part in text
    assert "root:" not in text


def test_accepting_keeps_the_proof_and_repeats_quietly(seller):
    quote = sent_quote(seller)
    accepted = accept(quote)
    assert (accepted.state, accepted.decided_by_name, accepted.decided_from) == ("accepted", "Li Lei", "192.0.2.7")
    assert accepted.decided_hash == quote.content_hash
    assert accept(quote, name="Somebody else").decided_by_name == "Li Lei"
    with pytest.raises(QuoteNotOpen):
        decline_quote(actor=SYSTEM, quote=quote, name="Li Lei", reason="", address="192.0.2.7")


def test_accepting_needs_a_name_a_tick_and_the_content_that_was_shown(seller):
    quote = sent_quote(seller)
    with pytest.raises(Invalid) as wrong:
        accept(quote, name=" ", agrees=False)
    assert set(wrong.value.fields) == {"name", "agrees"}
    with pytest.raises(QuoteChanged):
        accept(quote, content_hash="0" * 64)


def test_a_new_version_replaces_the_old_one_when_it_is_sent(seller):
    make_field("text", key="po", kind="quote")
    first = sent_quote(seller, custom_po="PO-7")
    second = new_version(actor=staff(seller), quote=first)
    assert new_version(actor=staff(seller), quote=first) == second
    save_quote(actor=staff(seller), quote=second, values={"custom_po": "PO-8"}, lines=[line("3")])
    second = submit_quote(actor=staff(seller), quote=second)
    first.refresh_from_db()
    assert first.state == "sent"
    second = send_quote(actor=staff(seller), quote=second, to_email="a@example.com", text="Better")
    first.refresh_from_db()
    assert (first.state, second.label) == ("void", f"{first.label}-2")
    assert [row[0] for row in changes_between(first, second)] == ["Total", "Po", "Label printer"]
    with pytest.raises(QuoteNotOpen):
        accept(first)


def test_a_new_version_is_not_sent_when_the_old_one_was_accepted(seller):
    first = sent_quote(seller)
    second = submit_quote(actor=staff(seller), quote=new_version(actor=staff(seller), quote=first))
    accept(first)
    with pytest.raises(NotReadyToSend):
        send_quote(actor=staff(seller), quote=second, to_email="a@example.com", text="Better")


def test_what_is_sent_cannot_be_edited_and_void_needs_a_reason(seller):
    quote = sent_quote(seller)
    with pytest.raises(QuoteIsFixed):
        save_quote(actor=staff(seller), quote=quote, values={"name": "Other"})
    with pytest.raises(Invalid):
        void_quote(actor=staff(seller), quote=quote, reason=" ")
    void_quote(actor=staff(seller), quote=quote, reason="Wrong customer")
    with pytest.raises(QuoteNotOpen):
        accept(quote)


def test_a_passed_day_ends_it_before_the_sweep_too(seller):
    quote = sent_quote(seller)
    with clock.at(clock.now() + dt.timedelta(days=40)):
        with pytest.raises(QuoteNotOpen):
            accept(quote)
        assert expire_quotes(actor=SYSTEM) == 1
        assert expire_quotes(actor=SYSTEM) == 0
    quote.refresh_from_db()
    assert quote.state == "expired"


def test_colleagues_elsewhere_and_without_the_right(seller):
    quote = make_quote(seller)
    other = make_seller()
    other.department = make_department("Elsewhere")
    other.save(update_fields=["department"])
    with pytest.raises(NotFound):
        submit_quote(actor=staff(other), quote=quote)
    with pytest.raises(NotAllowed):
        submit_quote(actor=staff(make_user("agent")), quote=quote)


def at_once(*works):
    gate = threading.Barrier(len(works))

    def one(work):
        try:
            gate.wait(timeout=30)
            return work()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_under_haste():
    drafts = [submit_quote(actor=SYSTEM, quote=make_quote()) for _ in range(6)]

    def send(quote, email):
        return lambda: send_quote(actor=SYSTEM, quote=quote, to_email=email, text="Hello")

    results = at_once(*(send(row, "no address" if place == 2 else "a@example.com") for place, row in enumerate(drafts)))
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert sorted(Quote.objects.filter(number__isnull=False).values_list("number", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once_and_one_is_voided_meanwhile():
    quote = sent_quote()
    at_once(lambda: accept(quote, name="First"), lambda: accept(quote, name="Second"))
    quote.refresh_from_db()
    assert quote.state == "accepted"
    other = sent_quote()
    results = at_once(lambda: accept(other), lambda: void_quote(actor=SYSTEM, quote=other, reason="Wrong"))
    assert sum(isinstance(result, DomainError) for result in results) == 1
