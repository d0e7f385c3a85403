"""From the count to the last mail."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from crm.activity.models import Activity
from crm.approvals.actions import approve, save_flow
from crm.approvals.models import Approval
from crm.core import clock
from crm.core.errors import NotReady
from crm.core.sockets import activity_types
from crm.core.translated import Translated
from crm.messaging.delivery import deliver
from crm.messaging.models import OutgoingMail, OutgoingSms
from crm.messaging.sms.delivery import deliver as deliver_sms
from crm.testing.builders import make_user, staff
from customers.models import Consent
from marketing.actions import (
    add_suppression,
    begin,
    cancel_campaign,
    count_audience,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    send_batch,
)  # fmt: skip
from marketing.models import Recipient, Suppression
from marketing.working import advance
from tickets.choices import TicketKind
from tickets.tests.builders import make_request_type, submit

from .builders import SYSTEM, agree, content, make_campaign, make_reader, make_segment, sent_to, start, words

pytestmark = pytest.mark.django_db


def post_all() -> None:
    for pk in OutgoingMail.objects.filter(state="waiting").values_list("pk", flat=True):
        deliver(pk)


def states(campaign) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Recipient.objects.filter(campaign=campaign).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_who_is_counted_gets_it_and_everybody_else_has_a_reason(smtp):
    fine, refused, unasked = make_reader(language="zh-hans"), make_reader(False), make_reader(None)
    nowhere, bounced, excluded = make_reader(emails=[]), make_reader(), make_reader()
    add_suppression(actor=SYSTEM, values={"address": bounced.identities.get(kind="email").value, "channel": "email"})
    twin = make_reader(emails=[fine.identities.get(kind="email").value.replace("@", "+news@")])
    everybody = [fine, refused, unasked, nowhere, bounced, excluded, twin]
    campaign = make_campaign(*everybody, excluded=[make_segment(excluded)])
    audience = count_audience(actor=SYSTEM, record=campaign).audience
    assert audience["people"] == 7 and audience["chosen"] == 1
    assert audience["reasons"] == {
        "excluded": 1, "no_address": 1, "suppressed": 1, "unsubscribed": 1, "no_consent": 1, "taken": 1,
    }  # fmt: skip
    campaign = start(campaign)
    post_all()
    advance(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == "sent" and campaign.audience["reasons"] == audience["reasons"]
    assert states(campaign) == {"sent": 1, "left_out": 6}
    (mail,) = smtp.messages
    row = sent_to(campaign, fine)
    assert mail["Subject"] == "给您的消息" and mail["X-Envelope-To"] == row.address
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip() == f"<{campaign.brand.base_url}/unsubscribe/{row.token}/>"
    html = mail.get_body(("html",)).get_content()
    assert fine.name in html and "{{" not in html and "https://shop.example/offer" not in html
    types = Activity.objects.filter(type=activity_types["campaigns.sent"].code)
    assert types.count() == 1


def test_an_open_complaint_and_too_many_campaigns_hold_back():
    annoyed, often = make_reader(), make_reader()
    email = annoyed.identities.get(kind="email").value
    submit(make_request_type(kind=TicketKind.COMPLAINT), name=annoyed.name, email=email)
    assert states(start(make_campaign(annoyed, often))) == {"left_out": 1, "queued": 1}
    again = make_campaign(annoyed, often, cap_count=1, holds_complaints=False)
    assert count_audience(actor=SYSTEM, record=again).audience["reasons"] == {"too_often": 1}


def test_consent_is_asked_again_when_the_turn_comes(smtp):
    stays, leaves = make_reader(), make_reader()
    campaign = make_campaign(stays, leaves)
    schedule_campaign(actor=SYSTEM, record=campaign)
    assert begin(actor=SYSTEM, campaign_id=campaign.pk) and not begin(actor=SYSTEM, campaign_id=campaign.pk)
    agree(leaves, granted=False)
    send_batch(actor=SYSTEM, campaign_id=campaign.pk)
    post_all()
    assert states(campaign) == {"queued": 1, "dropped": 1}
    assert sent_to(campaign, leaves).reason == "unsubscribed" and len(smtp.messages) == 1
    campaign.refresh_from_db()
    assert campaign.audience["chosen"] == 2


def test_pausing_takes_back_what_no_server_has_and_resuming_sends_each_once(smtp):
    people = [make_reader() for _number in range(3)]
    campaign = start(make_campaign(*people))
    deliver(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True)[0])
    advance(campaign.pk)
    pause_campaign(actor=SYSTEM, record=campaign)
    assert states(campaign) == {"sent": 1, "waiting": 2} and not OutgoingMail.objects.filter(state="waiting").exists()
    assert advance(campaign.pk) == 0
    resume_campaign(actor=SYSTEM, record=campaign)
    advance(campaign.pk)
    post_all()
    advance(campaign.pk)
    assert states(campaign) == {"sent": 3}
    assert sorted(mail["X-Envelope-To"] for mail in smtp.messages) == sorted(
        Recipient.objects.filter(campaign=campaign).values_list("address", flat=True)
    )
    with pytest.raises(NotReady):
        cancel_campaign(actor=SYSTEM, record=campaign)


def test_a_hard_bounce_is_suppressed_and_a_soft_one_is_not(smtp):
    gone, full = make_reader(), make_reader()
    campaign = start(make_campaign(gone, full))
    for person, error in ((gone, "550 5.1.1 unknown"), (full, "552 5.2.2 full")):
        OutgoingMail.objects.filter(to_email=sent_to(campaign, person).address).update(state="failed", error=error)
    advance(campaign.pk)
    assert [sent_to(campaign, person).is_hard for person in (gone, full)] == [True, False]
    assert list(Suppression.objects.values_list("address", "reason")) == [(sent_to(campaign, gone).address, "bounce")]


def test_unsubscribing_needs_a_post_and_a_mail_program_does_it_with_one(smtp):
    reader = make_reader()
    campaign = start(make_campaign(reader))
    post_all()
    (mail,) = smtp.messages
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix(campaign.brand.base_url)
    client = Client(enforce_csrf_checks=True)
    assert client.get(address).status_code == 200
    assert Consent.objects.filter(contact=reader, granted=False).count() == 0
    for _again in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Consent.objects.filter(contact=reader, channel="email", granted=False).count() == 1
    assert sent_to(campaign, reader).unsubscribed_at is not None
    assert count_audience(actor=SYSTEM, record=make_campaign(reader)).audience["reasons"] == {"unsubscribed": 1}
    preferences = reverse("responses:preferences", args=[sent_to(campaign, reader).token])
    Client().post(preferences, {"channels": ["email"]})
    assert Consent.objects.filter(contact=reader).order_by("-pk").first().granted
    assert reader.topic_refusals.count() == 3


def test_a_text_message_goes_through_the_gateway_once_to_who_agreed(fake):
    agreed, unasked = make_reader(None), make_reader()
    agree(agreed, "sms")
    text = words("Hello {{contact.name}}: https://shop.example/offer", "您好：https://shop.example/offer")
    campaign = start(make_campaign(agreed, unasked, kind="sms", body=text))
    assert states(campaign) == {"queued": 1, "left_out": 1}
    row = sent_to(campaign, agreed)
    assert deliver_sms(row.sms_id) and not deliver_sms(row.sms_id)
    advance(campaign.pk)
    assert states(campaign) == {"sent": 1, "left_out": 1} and len(fake.messages) == 1
    body = OutgoingSms.objects.get().text
    assert agreed.name in body and f"/m/{row.token}/c/" in body and f"/unsubscribe/{row.token}/" in body


def test_nothing_goes_out_with_a_language_missing_or_nobody_to_get_it():
    reader = make_reader()
    with pytest.raises(NotReady, match="every language"):
        schedule_campaign(actor=SYSTEM, record=make_campaign(reader, subject={"en": "Only English"}))
    with pytest.raises(NotReady):
        schedule_campaign(actor=SYSTEM, record=make_campaign(make_reader(None)))
    for hidden in ("/p/not-there/", "/help/articles/not-there/"):
        with pytest.raises(NotReady, match="published"):
            schedule_campaign(actor=SYSTEM, record=make_campaign(reader, content=content(f"[Look]({hidden})")))
    later = make_campaign(reader, send_at=clock.now() + dt.timedelta(hours=2))
    schedule_campaign(actor=SYSTEM, record=later)
    assert advance(later.pk) == 0 and not later.recipients.exists()
    with clock.shifted(dt.timedelta(hours=3)):
        assert advance(later.pk) == 1


def test_above_a_budget_somebody_agrees_before_it_goes_out():
    boss, asker = make_user("sales_manager"), make_user("marketer")
    condition = {"v": 1, "all": [{"field": "campaign.budget", "op": "at_least", "value": 1000}]}
    values = {"kind": "campaign", "name": Translated({"en": "Dear ones"}), "is_active": True, "condition": condition}
    save_flow(actor=SYSTEM, values=values, steps=[{"who": "user", "user": boss}])
    cheap, dear = (make_campaign(make_reader(), budget=budget) for budget in (Decimal(900), Decimal(5000)))
    for campaign, state in ((cheap, "scheduled"), (dear, "approval")):
        assert schedule_campaign(actor=staff(asker), record=campaign).state == state
    assert advance(dear.pk) == 0
    approve(actor=staff(boss), approval=Approval.objects.get())
    dear.refresh_from_db()
    assert dear.state == "scheduled" and advance(dear.pk) == 1
