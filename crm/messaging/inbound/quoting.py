"""What is new in an answer, and what it quotes. Every pattern works on one line, so that none can run away.

Known forms: Gmail and Apple Mail ("On … wrote:", "在 … 写道："), Outlook in both languages (a From/Sent/To block),
Foxmail (发件人/发送时间/收件人/主题), QQ Mail ("------ 原始邮件 ------"), 163 ("At … wrote:", "在 …，… 写道："),
"-----Original Message-----", ">" lines at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE_LIMIT = 2_000
_WROTE = re.compile(
    r"^(?:>*\s*)(?:(?:on|at|le|am|el|il|op|den|em|dnia|w dniu)\s.{3,300}(?:wrote|a écrit|schrieb|escribió|ha scritto"
    r"|schreef|skrev|escreveu|napisał|pisze)\b.{0,80}[:：]|(?=.{0,300}[\d@<])(?:在|于)?\s?.{0,300}(?:写道|寫道|写到|来信)\s?[:：])\s*$",
    re.IGNORECASE,
)
_WROTE_START = re.compile(r"^(?:(?:on|at)\s.{0,200}\d|(?:在|于)\s?\d{4})", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^[\s>]*[-_—=*]{2,}\s*(?:original message|original mail|forwarded message|reply message|原始邮件|原邮件|原始信息"
    r"|原始郵件|转发邮件|转发的邮件|轉寄郵件|回复的原邮件|回复的邮件|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|opprinnelig melding|oprindelig meddelelse)\s*[-_—=*]{2,}\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s>*]*(from|sent|date|to|cc|subject|发件人|寄件者|寄件人|发送时间|发送日期|日期|收件人|收件者|抄送|主题|主旨"
    r"|von|gesendet|an|betreff|de|envoyé|objet)\s*[*]?\s?[:：]",
    re.IGNORECASE,
)
_SENDER_FIELDS = frozenset({"from", "发件人", "寄件者", "寄件人", "von", "de"})
_RULE = re.compile(r"^\s*(?:_{5,}|-{5,}|={5,}|—{3,})\s*$")
_MARKS = ("please reply above this line", "please type your reply above this line", "请在此行上方回复")
_MOBILE = re.compile(
    r"^(?:sent from (?:my|mail for|outlook|yahoo)\b.{0,60}|get outlook for (?:ios|android).{0,60}|发自我的.{0,30}"
    r"|从我的.{0,20}发送|发自(?:网易邮箱|QQ邮箱|foxmail|outlook).{0,30}|来自我的.{0,30})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Split:
    """visible: the new words; quoted: what the writer's program put below, "" when there is none."""

    visible: str
    quoted: str


def split_quoted(text: str) -> Split:
    """Cuts a text where the quotation begins. A text that is all quotation stays visible as it is."""
    lines = text.split("\n")
    at = _start(lines)
    if at is None:
        return Split(text.strip(), "")
    while at and (_RULE.match(lines[at - 1][:LINE_LIMIT]) or not lines[at - 1].strip()):
        at -= 1
    visible, quoted = "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()
    visible = _without_device(visible)
    return Split(visible, quoted) if visible else Split(text.strip(), "")


def _start(lines: list[str]) -> int | None:
    """The first line of the quotation."""
    for number, long_line in enumerate(lines):
        line = long_line[:LINE_LIMIT].rstrip()
        if not line.strip():
            continue
        if _ORIGINAL.match(line) or _WROTE.match(line) or _wrote_over_lines(lines, number):
            return number
        if _is_header_block(lines, number) or line.strip().lower().startswith(_MARKS):
            return number
        if line.lstrip().startswith(">") and _only_quotes_below(lines, number):
            return number
    return None


def _wrote_over_lines(lines: list[str], number: int) -> bool:
    """ "On Wed, 3 May 2026 at 10:10, Li Lei <li@example>⏎ wrote:", broken by a mail program within three lines."""
    if not _WROTE_START.match(lines[number][:LINE_LIMIT]):
        return False
    joined = lines[number][:LINE_LIMIT].strip()
    for following in lines[number + 1 : number + 3]:
        if not following.strip():
            return False
        joined += " " + following[:LINE_LIMIT].strip()
        if _WROTE.match(joined):
            return True
    return False


def _is_header_block(lines: list[str], number: int) -> bool:
    """A sender line followed by at least one more header within four lines: Outlook, Foxmail, forwards."""
    first = _FIELD.match(lines[number][:LINE_LIMIT])
    if not first or first[1].lower() not in _SENDER_FIELDS:
        return False
    names = {first[1].lower()}
    for line in lines[number + 1 : number + 6]:
        found = _FIELD.match(line[:LINE_LIMIT])
        if found:
            names.add(found[1].lower())
    return len(names) >= 3


def _only_quotes_below(lines: list[str], number: int) -> bool:
    """Nothing but quoted and empty lines follow: answers between quoted lines stay where they are."""
    return all(not line.strip() or line.lstrip().startswith(">") for line in lines[number:])


def _without_device(text: str) -> str:
    """Without the last line that only names the telephone."""
    head, _newline, last = text.rpartition("\n")
    return head.strip() if head.strip() and _MOBILE.match(last.strip()[:LINE_LIMIT]) else text
