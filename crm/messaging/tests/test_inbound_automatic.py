"""Which mail no person wrote (RFC 3834), what delivery reports tell, and signatures that cannot be forged."""

from __future__ import annotations

import pytest

from crm.messaging.inbound import tokens
from crm.messaging.inbound.automatic import bounce_of, complaint_of, kind_of
from crm.messaging.inbound.parsing import parse

from . import mail_corpora


def kind(*headers: str, sender: str = "lilei@example.com", body: str = "Hello") -> str:
    return kind_of(parse("\n".join([f"From: {sender}", *headers, "", body]).encode()))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((), ""),
        (("Auto-Submitted: no",), ""),
        (("Auto-Submitted: No (a person wrote this)",), ""),
        (("Auto-Submitted: auto-replied",), "auto_reply"),
        (("Auto-Submitted: Auto-Replied; owner-email=x@example.com",), "auto_reply"),
        (("AUTO-SUBMITTED: auto-generated",), "generated"),
        (("Auto-Submitted: auto-notified",), "generated"),
        (("Precedence: BULK",), "generated"),
        (("Precedence: Junk",), "generated"),
        (("Precedence: List",), "list"),
        (("Precedence: first-class",), ""),
        (("Precedence: auto_reply",), "auto_reply"),
        (("List-Id: <news.example.com>",), "list"),
        (("X-Auto-Response-Suppress: All",), "generated"),
        (("X-Auto-Response-Suppress: DR, OOF, AutoReply",), ""),  # asks for no absence notice; a person may write it
        (("X-Autoreply: yes",), "auto_reply"),
        (("X-Autoreply: no",), ""),
        (("Return-Path: <>",), "generated"),
        (("Return-Path: <lilei@example.com>",), ""),
        (("Content-Type: multipart/report; report-type=disposition-notification; boundary=x",), "report"),
        (('Content-Type: multipart/report; report-type="delivery-status"; boundary=x',), "bounce"),
        (("Return-Path: <>", "Subject: =?utf-8?b?57O757uf6YCA5L+h?="), "bounce"),
        (("Subject: Undelivered Mail Returned to Sender",), ""),  # a person may forward one
    ],
)
def test_rules(headers: tuple[str, ...], expected: str) -> None:
    assert kind(*headers) == expected


def test_a_server_without_report() -> None:
    assert kind("Subject: Undelivered Mail Returned to Sender", sender="MAILER-DAEMON@mx.example.com") == "bounce"
    assert kind("Subject: Hello", sender="postmaster@example.com") == ""


def test_our_own_mail_is_known() -> None:
    assert kind(f"{tokens.LOOP_HEADER}: {tokens.loop_mark()}") == "loop"
    assert kind(f"{tokens.LOOP_HEADER}: somebody-else") == ""
    assert kind(f"Message-ID: {tokens.new_message_id(7, 'yunfan.example')}") == "loop"


def test_reports_of_the_corpus_are_bounces() -> None:
    for name in ("nodemailer__delivery-status", "ruby-mail__multipart_report_emails__report_422"):
        parsed = parse((mail_corpora.HERE / f"{name}.eml").read_bytes())
        assert kind_of(parsed) == "bounce" and parsed.report, name


def report(action: str, status: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n"
        "\n--B\nContent-Type: text/plain\n\nSorry.\n--B\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; gone@example.com\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; 550 5.1.1 No such user\n\n--B\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <ours@yunfan.example>\nSubject: x\n\n--B--\n"
    ).encode()


def test_a_failed_delivery_names_our_mail() -> None:
    bounce = bounce_of(parse(report("failed", "5.1.1")))
    assert bounce is not None and bounce.message_id == "<ours@yunfan.example>"
    assert bounce.recipient == "gone@example.com" and "No such user" in bounce.explanation
    assert bounce_of(parse(report("delayed", "4.4.1"))) is None
    assert bounce_of(parse(report("delivered", "2.0.0"))) is None


def test_signatures_come_back_and_cannot_be_forged(settings) -> None:  # type: ignore[no-untyped-def]
    address = tokens.reply_address("support@yunfan.example", 123_456)
    message_id = tokens.new_message_id(123_456, "yunfan.example")
    assert tokens.conversation_of_address(["x@y.example", address.upper()]) == 123_456
    assert tokens.conversation_of_ids(["<a@b>", message_id]) == 123_456
    tampered = address.replace("+t-", "+t-1")
    assert tokens.conversation_of_address([tampered, "support+t-2n9c-aaaaaaaaaaaaaaaa@yunfan.example"]) is None
    assert tokens.conversation_of_ids([message_id.replace("<c.", "<c.1")]) is None
    assert tokens.conversation_of_ids([tokens.new_message_id(1, "h").replace("c.1.", "c.2.")]) is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert tokens.conversation_of_address([address]) == 123_456
    settings.SECRET_KEY_FALLBACKS = []
    assert tokens.conversation_of_address([address]) is None
    assert tokens.reply_address(f"{'x' * 50}@yunfan.example", 1) == ""


def feedback(kind: str = "abuse", original: str = "Message-ID: <ours@yunfan.example>") -> bytes:
    """A complaint as RFC 5965 B.2 has it, the address blackened as large providers do."""
    return (
        "From: <abusedesk@example.com>\nSubject: FW: Earn money\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\n\n--B\nContent-Type: text/plain\n\n'
        "This is an email abuse report for an email message received from IP 192.0.2.1.\n--B\n"
        f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
        "Original-Mail-From: <bounce@yunfan.example>\nOriginal-Rcpt-To: <redacted-1f2e@example.com>\n"
        "Arrival-Date: Thu, 8 Mar 2005 14:00:00 EDT\n\n--B\nContent-Type: message/rfc822\n\n"
        f"From: <offers@yunfan.example>\nTo: <redacted>\n{original}\nSubject: Earn money\n\nSpam.\n--B--\n"
    ).encode()


def test_a_complaint_names_our_mail() -> None:
    mail = parse(feedback())
    assert kind_of(mail) == "complaint"
    found = complaint_of(mail)
    assert found is not None and (found.message_id, found.feedback) == ("<ours@yunfan.example>", "abuse")
    assert kind_of(parse(feedback("not-spam"))) == "complaint" and complaint_of(parse(feedback("not-spam"))) is None
    assert complaint_of(parse(feedback(original="X-Nothing: 1"))) is None
    assert complaint_of(parse(report("failed", "5.1.1"))) is None
