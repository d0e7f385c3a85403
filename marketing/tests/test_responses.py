"""What comes back: openings, clicks, machines, answers, events, and the sales that are credited."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse

from crm.activity.models import Activity
from crm.activity.selectors import timeline
from crm.core import clock
from crm.core.sockets import activity_types
from crm.messaging.delivery import deliver
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, OutgoingMail
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as role_staff
from customers.actions.segments import create_segment
from customers.links import sources_of
from customers.models import SegmentMember
from customers.segmenting.computing import compute_now
from customers.segmenting.following import look_at_due
from marketing.actions import add_cost, note_attendance, note_hit
from marketing.choices.campaigns import Machine
from marketing.models import CampaignLink, Participant
from marketing.rendering import links_for
from marketing.selectors.results import counts_of
from marketing.selectors.sales import money_of, won_by
from marketing.working import advance
from sales.models import Lead
from tickets.models import Ticket

from .builders import SYSTEM, content, make_campaign, make_reader, sent_to, start

pytestmark = pytest.mark.django_db
PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}


def gone_out(*readers, **values):
    """A campaign that every reader got an hour ago."""
    with clock.shifted(-dt.timedelta(hours=1)):
        campaign = start(make_campaign(*readers, **values))
        for pk in OutgoingMail.objects.filter(state="waiting").values_list("pk", flat=True):
            assert deliver(pk)
        advance(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def click(campaign, reader, **headers):
    link = CampaignLink.objects.filter(campaign=campaign).order_by("pk").first()
    return Client().get(reverse("responses:click", args=[sent_to(campaign, reader).token, link.pk]), **headers)


def test_people_and_machines_are_told_apart(smtp):
    reader, scanned = make_reader(), make_reader()
    campaign = gone_out(reader, scanned)
    answer = click(campaign, reader, **PERSON)
    assert answer.status_code == 302 and answer["Location"] == "https://shop.example/offer"
    token = sent_to(campaign, scanned).token
    for headers in ({"HTTP_USER_AGENT": "Barracuda Scanner"}, {**PERSON, "HTTP_PURPOSE": "prefetch"}, {}):
        click(campaign, scanned, **headers)
    Client().head(reverse("responses:opened", args=[token]), **PERSON)
    click(campaign, scanned, **PERSON)
    assert sent_to(campaign, scanned).clicked_at is not None
    assert Client().get(reverse("responses:trap", args=[token]), **PERSON).status_code == 204
    row = sent_to(campaign, scanned)
    assert row.clicked_at is None and row.opened_at is None and row.scanned_at is not None
    assert set(row.responses.values_list("why", flat=True)) == {"agent", "prefetch", "method", "trap"}
    counts = counts_of(campaign)
    assert (counts.opened, counts.clicked, counts.scanned) == (1, 1, 1)
    foreign = CampaignLink.objects.create(campaign=make_campaign(), url="https://evil.example/")
    assert Client().get(reverse("responses:click", args=[token, foreign.pk])).status_code == 404
    assert Client().get(reverse("responses:click", args=["unknown", foreign.pk])).status_code == 404


def test_a_burst_of_links_is_a_machine(smtp):
    reader = make_reader()
    campaign = gone_out(reader)
    row, at = sent_to(campaign, reader), clock.now()
    for number in range(3):
        link = CampaignLink.objects.create(campaign=campaign, url=f"https://shop.example/{number}")
        with clock.at(at):
            hit = note_hit(actor=SYSTEM, recipient=row, kind="click", link=link)
    assert hit.why == Machine.TIMING and sent_to(campaign, reader).clicked_at is None


def test_a_click_credits_the_sale_to_the_last_campaign_and_roi_needs_a_cost(smtp, deal):
    reader = make_reader()
    first, last = gone_out(reader, cap_count=0), gone_out(reader, cap_count=0)
    with clock.shifted(-dt.timedelta(minutes=20)):
        click(first, reader, **PERSON)
    with clock.shifted(-dt.timedelta(minutes=10)):
        click(last, reader, **PERSON)
    won = deal(reader.customer, Decimal(3000))
    assert list(won_by(SYSTEM, last)) == [won] and not won_by(SYSTEM, first)
    assert list(won_by(SYSTEM, first, first=True)) == [won]
    money = money_of(last)
    assert money.revenue == 3000 and money.cost is None and money.roi is None
    add_cost(actor=SYSTEM, record=last, values={"kind": "planned", "label": "Print", "amount": Decimal(500)})
    assert money_of(last).roi == 5
    add_cost(actor=SYSTEM, record=last, values={"kind": "booked", "label": "Print", "amount": Decimal(1000)})
    assert money_of(last).roi == 2
    viewer = signed_in(role_staff("campaigns.view"))  # a marketer without any right in sales
    page = viewer.get(reverse("marketing:campaign_detail", args=[last.pk])).content.decode()
    assert "¥3,000.00" in page and "200%" in page and "also those that you may not open" in page
    sales = viewer.get(reverse("marketing:campaign_sales", args=[last.pk])).content.decode()
    assert "1 more counts in the figures" in sales and won.name not in sales
    with clock.shifted(dt.timedelta(days=31)):
        late = deal(reader.customer, Decimal(100))
    assert late not in list(won_by(SYSTEM, last))


def test_an_event_is_registered_for_by_a_link_and_who_came_counts(smtp):
    reader = make_reader()
    campaign = gone_out(
        reader, kind="event", place="Shenzhen", starts_at=clock.now() + dt.timedelta(days=5),
        content=content("Come! [Register](#register)"),
    )  # fmt: skip
    address = reverse("responses:register", args=[sent_to(campaign, reader).token])
    assert Client().get(address, **PERSON).status_code == 200 and not Participant.objects.exists()
    for _again in range(2):
        assert Client().post(address, **PERSON).status_code == 302
    participant = Participant.objects.get(campaign=campaign, contact=reader)
    note_attendance(actor=SYSTEM, participant=participant)
    assert sorted(campaign.responses.human().values_list("kind", flat=True)) == ["attend", "click", "register"]
    note_attendance(actor=SYSTEM, participant=participant, came=False)
    assert not campaign.responses.filter(kind="attend").exists()


@pytest.mark.parametrize(("becomes", "model"), [("lead", Lead), ("ticket", Ticket)])
def test_an_answer_becomes_what_the_campaign_says(smtp, becomes, model, support_type):
    reader, stranger = make_reader(), make_reader()
    campaign = gone_out(reader, answers_become=becomes)
    sent = OutgoingMail.objects.get()
    answer(sent, reader.identities.get(kind="email").value, "<one@example.test>")
    made = model.objects.get()
    assert sources_of(SYSTEM, made) == [campaign]
    assert sent_to(campaign, reader).answered_at is not None
    assert Activity.objects.filter(type=activity_types["campaigns.answered"].code).count() == 1
    held = answer(sent, stranger.identities.get(kind="email").value, "<two@example.test>")
    assert held.state == "held" and model.objects.count() == 1


def test_the_customers_timeline_tells_of_the_campaign_without_a_deed_for_each(smtp):
    reader, other = make_reader(), make_reader()
    campaign = gone_out(reader, other)
    click(campaign, reader, **PERSON)
    said = [entry.sentence for entry in timeline(SYSTEM, reader.customer).entries]
    assert any(campaign.name in sentence and "clicked" in sentence for sentence in said)
    pages, before = [], None
    while before is not None or not pages:
        page = timeline(SYSTEM, reader.customer, before=before, limit=1)
        pages += [entry.id for entry in page.entries]
        before = page.before
    assert len(pages) == len(set(pages)) == len(said)


def test_a_segment_of_those_who_clicked_follows(smtp):
    reader = make_reader()
    campaign = gone_out(reader)
    tree = {"v": 1, "all": [{"field": "customer.campaigns_clicked", "op": "any_of", "value": [campaign.pk]}]}
    owner = staff(make_user("marketer"))
    segment = compute_now(create_segment(actor=owner, values={"name": "Clicked", "condition": tree}))
    assert not SegmentMember.objects.filter(segment=segment).exists()
    click(campaign, reader, **PERSON)
    look_at_due()
    assert SegmentMember.objects.filter(segment=segment).current().get().customer_id == reader.customer_id


def answer(sent: OutgoingMail, sender: str, message_id: str) -> InboundMail:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "support@yunfan.example", f"Re: {sent.subject}"
    mail["Message-ID"], mail["In-Reply-To"] = message_id, sent.message_id
    mail["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    mail.set_content("Please call me about the offer.")
    row = receive(mail.as_bytes(), mailbox=None, uid=None)
    handle(row.pk)
    row.refresh_from_db()
    return row


def test_links_of_one_message_lead_nowhere_else(smtp):
    reader = make_reader()
    campaign = gone_out(reader)
    row = sent_to(campaign, reader)
    links = links_for(row, {"https://shop.example/offer": 7})
    assert links("https://elsewhere.example/") == "https://elsewhere.example/"
    assert links("https://shop.example/offer") == f"{campaign.brand.base_url}/m/{row.token}/c/7/"
