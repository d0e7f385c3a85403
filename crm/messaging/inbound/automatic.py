"""Which mail no person wrote: it is kept, never answered, and alarms nobody. Rules of RFC 3834 §2 and §4.

Auto-Submitted other than "no" · an empty return path · Precedence bulk, list or junk in any case · list headers
(RFC 2369, RFC 2919) · X-Auto-Response-Suppress: All · delivery and read reports (RFC 3464, RFC 8098) · complaints
(RFC 5965) · mail of our own that came back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .parsing import Parsed
from .tokens import LOOP_HEADER, is_loop, is_own

Kind = Literal["", "loop", "bounce", "complaint", "report", "auto_reply", "generated", "list"]

_BOUNCERS = re.compile(r"(mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (status notification|failure|has failed|problem)|returned mail|mail delivery (failed|system)"
    r"|failure notice|could not be delivered|退信|投递失败|无法投递|发送失败|系统退信",
    re.IGNORECASE,
)
_SET_AUTO_REPLY = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply")
_LIST_HEADERS = ("list-id", "list-post", "mailing-list", "x-mailing-list")
_FEEDBACK = re.compile(r"^(feedback-type|original-rcpt-to|removal-recipient)\s*:\s*(.*)$", re.I | re.M)
_FIELD = re.compile(r"^(action|status|final-recipient|original-recipient|diagnostic-code)\s*:\s*(.*)$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery of ours that failed for good, as a report tells it."""

    message_id: str
    recipient: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody called a mail of ours spam, as their provider reports it. feedback: its word, such as "abuse"."""

    message_id: str
    recipient: str
    feedback: str


def kind_of(mail: Parsed) -> Kind:
    """Why a mail counts as automatic, "" for one that a person wrote."""
    if any(is_loop(value) for value in mail.headers.get(LOOP_HEADER.lower(), ())) or is_own(mail.message_id):
        return "loop"
    if mail.feedback or _reports(mail, "feedback-report"):
        return "complaint"
    if mail.report or _reports(mail, "delivery-status") or _is_plain_bounce(mail):
        return "bounce"
    if _reports(mail, "disposition-notification"):
        return "report"
    submitted = _word(mail.header("auto-submitted"))
    if submitted and submitted != "no":
        return "auto_reply" if submitted == "auto-replied" else "generated"
    precedence = {_word(value) for value in mail.headers.get("precedence", ())}
    if "auto_reply" in precedence or any(_says_yes(mail.header(name)) for name in _SET_AUTO_REPLY):
        return "auto_reply"
    if any(mail.header(name) for name in _LIST_HEADERS) or "list" in precedence:
        return "list"
    suppressed = {_word(value) for value in mail.header("x-auto-response-suppress").split(",")}
    if precedence & {"bulk", "junk"} or "all" in suppressed or mail.header("return-path").strip() == "<>":
        return "generated"
    return ""


def bounce_of(mail: Parsed) -> Bounce | None:
    """The failed delivery that a report tells of; None for a delay, a success, or a report that names no mail."""
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(mail.report):
        fields.setdefault(name.lower(), value.strip())
    action, status = fields.get("action", "").lower(), fields.get("status", "")
    failed = action == "failed" or (not action and status.startswith("5"))
    if not mail.original_id or not failed:
        return None
    recipient = fields.get("final-recipient", fields.get("original-recipient", "")).rpartition(";")[2].strip()
    explanation = " ".join(filter(None, (status, fields.get("diagnostic-code", "").rpartition(";")[2].strip())))
    return Bounce(mail.original_id, recipient[:254], explanation[:300] or action)


def complaint_of(mail: Parsed) -> Complaint | None:
    """The complaint that a report tells of (RFC 5965); None for one that calls a mail no spam, or that names no mail.

    The address is often blackened, and anybody may write such a report: the Message-ID, which only who got the mail
    knows, says whose it was.
    """
    fields: dict[str, str] = {}
    for name, value in _FEEDBACK.findall(mail.feedback):
        fields.setdefault(name.lower(), value.strip())
    kind = _word(fields.get("feedback-type", ""))
    if not mail.original_id or not kind or kind == "not-spam":
        return None
    recipient = fields.get("original-rcpt-to", fields.get("removal-recipient", "")).strip("<> ")
    return Complaint(mail.original_id, recipient[:254], kind[:40])


def _reports(mail: Parsed, kind: str) -> bool:
    return mail.content_type == "multipart/report" and kind in mail.header("content-type").lower().replace('"', "")


def _is_plain_bounce(mail: Parsed) -> bool:
    """Servers that write no report: their name or an empty sender, with a subject that says so."""
    by_server = bool(_BOUNCERS.match(mail.sender_email)) or mail.header("return-path").strip() == "<>"
    return by_server and bool(_BOUNCE_SUBJECT.search(mail.subject))


def _word(value: str) -> str:
    """The first word, without comment and parameters."""
    return re.split(r"[\s;(]", value.strip().lower(), maxsplit=1)[0]


def _says_yes(value: str) -> bool:
    return bool(value) and _word(value) not in {"no", "false", "0"}
