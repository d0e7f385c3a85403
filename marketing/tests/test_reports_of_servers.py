"""What comes back by mail about a campaign reaches its recipients: bounces (RFC 3464), complaints (RFC 5965)."""

from __future__ import annotations

import pytest

from crm.activity.dispatch import dispatch
from crm.activity.models import Activity
from crm.core import clock
from crm.core.sockets import activity_types
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, OutgoingMail
from marketing.models import Response, Suppression
from marketing.selectors.results import counts_of
from marketing.working import advance, settle_sent

from .builders import make_campaign, make_reader, sent_to, start

pytestmark = pytest.mark.django_db


def come_in(kind: str, lines: str, message_id: str) -> InboundMail:
    """A report that came by mail, taken to its end, and told to who listens."""
    raw = (
        f"From: MAILER-DAEMON@mx.example.com\nSubject: Report\nMIME-Version: 1.0\nContent-Type: multipart/report; "
        f'report-type={kind}; boundary="B"\n\n--B\nContent-Type: text/plain\n\nSorry.\n--B\n'
        f"Content-Type: message/{kind}\n\n{lines}\n\n--B\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {message_id}\nSubject: News\n\n--B--\n"
    ).encode()
    mail = receive(raw, mailbox=None)
    handle(mail.pk)
    dispatch("default")
    mail.refresh_from_db()
    return mail


def bounce(status: str, said: str) -> str:
    return (
        "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; x@example.test\nAction: failed\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {said}"
    )


def test_bounces_are_hard_or_soft_and_reach_who_did_not_get_it():
    said = [
        ("5.1.1", "550 5.1.1 No such user here", True), ("5.2.2", "552 5.2.2 Mailbox full", False),
        ("5.7.1", "550 5.7.1 Message refused by policy", False), ("5.0.0", "550 Requested action not taken", True),
        ("4.4.7", "Delivery time expired", False),
    ]  # fmt: skip
    readers = [make_reader() for _reply in said]
    campaign = start(make_campaign(*readers))
    OutgoingMail.objects.update(state="sent", sent_at=clock.now())
    advance(campaign.pk)
    for reader, (status, words, _is_hard) in zip(readers, said, strict=True):
        mail = come_in("delivery-status", bounce(status, words), sent_to(campaign, reader).mail.message_id)
        assert mail.reason == "bounce"
    come_in("delivery-status", bounce("4.4.1", "still trying").replace("failed", "delayed"), "<unknown@example.test>")
    settle_sent()
    rows = [sent_to(campaign, reader) for reader in readers]
    assert [row.state for row in rows] == ["failed"] * 5
    assert [row.is_hard for row in rows] == [is_hard for _status, _words, is_hard in said]
    stopped = {row.address for row in rows if row.is_hard}
    assert set(Suppression.objects.values_list("address", flat=True)) == stopped
    counts = counts_of(campaign)
    assert (counts.hard, counts.soft, counts.delivered) == (2, 3, 0)


def test_a_complaint_suppresses_and_stands_at_the_campaign_once():
    reader, other = make_reader(), make_reader()
    campaign = start(make_campaign(reader, other))
    OutgoingMail.objects.update(state="sent", sent_at=clock.now())
    advance(campaign.pk)
    row = sent_to(campaign, reader)
    lines = "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: <hidden@example.test>"
    for number in (1, 2):
        assert come_in("feedback-report", f"{lines}\nIncidents: {number}", row.mail.message_id).reason == "complaint"
    come_in("feedback-report", lines, "<forged@example.test>")
    come_in("feedback-report", lines.replace("abuse", "not-spam"), sent_to(campaign, other).mail.message_id)
    row.refresh_from_db()
    assert row.complained_at is not None and row.state == "sent"
    assert list(Suppression.objects.values_list("address", "reason", "campaign")) == [
        (row.address, "complaint", campaign.pk)
    ]
    assert Response.objects.filter(kind="complaint").count() == 1 and counts_of(campaign).complained == 1
    deed = Activity.objects.get(type=activity_types["campaigns.complained"].code)
    assert deed.object_id == campaign.pk and deed.data["person"] == reader.name
    again = make_campaign(reader, other)
    start(again)
    assert sent_to(again, reader).reason == "suppressed" and sent_to(again, other).state == "queued"
