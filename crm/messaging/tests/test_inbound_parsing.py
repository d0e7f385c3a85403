"""Reading mail: every byte string has a reading, Chinese charsets are right, costs are bounded."""

from __future__ import annotations

import base64
import time

import pytest

from crm.core.text import clean_text
from crm.messaging.inbound import limits
from crm.messaging.inbound.charsets import codec_of, decode, decode_header
from crm.messaging.inbound.html_text import text_of
from crm.messaging.inbound.parsing import Parsed, parse

from . import mail_corpora


def mail(body: bytes, *headers: str, charset: str = "utf-8") -> bytes:
    lines = ["From: Li Lei <lilei@example.com>", f"Content-Type: text/plain; charset={charset}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def is_sound(parsed: Parsed) -> bool:
    """What the database and a page may hold."""
    values = [parsed.text, parsed.subject, parsed.sender_email, parsed.sender_name, parsed.message_id, parsed.report]
    return all("\x00" not in value and value == value.encode("utf-8").decode() for value in values)


def test_every_mail_of_the_corpus_is_read_quickly() -> None:
    mails = mail_corpora.everything()
    assert len(mails) > 240 and len(mail_corpora.own()) > 20
    for mail in mails:
        started = time.perf_counter()
        parsed = parse(mail.raw)
        assert parsed.trouble == "" and is_sound(parsed), mail.name
        assert time.perf_counter() - started < 5, mail.name


def test_five_hundred_mutations_are_read() -> None:
    for raw in mail_corpora.mutations(mail_corpora.everything(), 500):
        parsed = parse(raw)
        assert parsed.trouble != "unreadable" and is_sound(parsed)


@pytest.mark.parametrize("raw", [b"", b"\x00" * 1000, b"\r\n" * 50, b"\xff" * 4096, b":" * 3000, bytes(range(256))])
def test_what_is_no_mail_has_a_reading_too(raw: bytes) -> None:
    assert is_sound(parse(raw))


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("gb2312", "gb2312", "打印机坏了"),
        ("gb2312", "gb18030", "㛃䶮𬱖 堃镕"),  # declared too narrowly, as Chinese programs do
        ("GBK", "gbk", "鎔基"),
        ("x-gbk", "gbk", "发票"),
        ("gb18030", "gb18030", "𠮷野家"),
        ("big5", "big5", "印表機壞了"),
        ("utf-8", "gb18030", "编码声明是错的"),  # the declaration is wrong
        ("us-ascii", "utf-8", "没有说明"),
        ("no-such-charset", "gb18030", "不认识的编码"),
        ("", "utf-8", "没有声明"),
    ],
)
def test_chinese_charsets_come_out_right(declared: str, encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert decode(data, declared) == text
    parsed = parse(mail(base64.b64encode(data), "Content-Transfer-Encoding: base64", charset=declared or '""'))
    assert parsed.text == text and "\ufffd" not in parsed.text


@pytest.mark.parametrize("name", ["idna", "unicode_escape", "hex", "rot13", "base64", "undefined", "../x", "", "\0"])
def test_codecs_that_are_no_charset_are_not_used(name: str) -> None:
    assert codec_of(name) == ""


def word(text: bytes, charset: str = "gb2312") -> str:
    return f"=?{charset}?B?{base64.b64encode(text).decode()}?="


def test_headers_in_pieces() -> None:
    data = "打印机离线".encode("gb2312")
    assert decode_header(f"{word(data[:3])}\r\n {word(data[3:])}") == "打印机离线"
    assert decode_header("=?utf-8?q?Caf=C3=A9?= au lait") == "Café au lait"
    assert decode_header("=?nonsense?b?5omT?=") == "打"
    assert parse("Subject: 直接写的中文\r\n\r\nx".encode("gb18030")).subject == "直接写的中文"
    assert parse("Subject: 直接写的中文\r\n\r\nx".encode()).subject == "直接写的中文"


def test_senders() -> None:
    assert parse(mail(b"x")).sender_email == "lilei@example.com"
    assert parse(f"From: {word('李雷'.encode('gb2312'))} <LiLei@Example.COM>\n\nx".encode()).sender_name == "李雷"
    assert parse(b'From: "a, b" <x@example.com>, second@example.com\n\nx').sender_email == "x@example.com"
    for nobody in (b"From: :;", b"From: undisclosed recipients:;", b"From: <>", b"X: y"):
        assert parse(nobody + b"\n\nx").sender_email == ""


def test_names_of_files() -> None:
    rfc2231 = "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=gb2312''%B7%A2%C6%B1.pdf"
    rfc2047 = f'Content-Type: application/pdf; name="{word("发票.pdf".encode("gb2312"))}"'
    split = "Content-Type: a/b\nContent-Disposition: attachment; filename*0*=utf-8''%E5%8F%91; filename*1=x.pdf"
    for headers, name in ((rfc2231, "发票.pdf"), (rfc2047, "发票.pdf"), (split, "发x.pdf")):
        (file,) = parse(f"From: a@example.com\n{headers}\n\nx".encode()).files
        assert file.name == name


def multipart(kind: str, *parts: str, boundary: str = "B") -> bytes:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return (
        f"From: a@example.com\nContent-Type: multipart/{kind}; boundary={boundary}\n\n{body}--{boundary}--\n".encode()
    )


def test_the_plain_alternative_is_taken_and_the_html_one_when_there_is_none() -> None:
    plain, html = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>rich</p>"
    assert parse(multipart("alternative", plain, html)).text == "plain"
    assert parse(multipart("alternative", "Content-Type: text/plain\n\n \n", html)).text == "rich"
    assert parse(multipart("mixed", plain, html)).text == "plain\n\nrich"
    parsed = parse(multipart("mixed", plain, 'Content-Type: text/plain; name="log.txt"\n\nerror'))
    assert parsed.text == "plain" and [file.name for file in parsed.files] == ["log.txt"]


def test_html_becomes_text() -> None:
    html = """<html><head><title>no</title><style>p{}</style></head><body onload=x()><script>alert(1)</script>
    <p>Hello &amp; <b>bye</b></p><div>line<br>next</div><ul><li>one<li>two</ul>
    <img src="https://tracker.example/x.png"><a href="https://shop.example/order">My order</a>
    <a href="javascript:alert(1)">bad</a><blockquote>On Monday we wrote:<p>old words</p></blockquote></body>"""
    text = text_of(html)
    assert "Hello & bye" in text and "line\nnext" in text and "- one\n" in text
    assert "My order (https://shop.example/order)" in text and "> old words" in text
    for gone in ("alert", "tracker", "javascript", "p{}", "<"):
        assert gone not in text


def nested(depth: int) -> bytes:
    raw = b"Content-Type: text/plain\n\nx\n"
    for level in range(depth):
        raw = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (level, level, raw, level)
    return b"From: a@example.com\nSubject: deep\n" + raw


def test_costs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse(nested(10)).text == "x"
    deep = parse(nested(25))
    assert deep.trouble == "depth" and deep.subject == "deep"  # the heading is kept for the quarantine
    many = parse(multipart("mixed", *["Content-Type: text/plain\n\nx"] * 600))
    assert many.trouble == "parts"
    monkeypatch.setattr(limits, "RAW_BYTES", 1000)
    assert parse(mail(b"x" * 2000)).trouble == "size"
    monkeypatch.undo()
    assert parse(b"X-Long: " + b"y" * (limits.HEADER_BYTES + 100)).trouble == "headers"
    monkeypatch.setattr(limits, "DECODED_BYTES", 100)
    assert parse(mail(b"x" * 200)).trouble == "size"


@pytest.mark.parametrize(
    "raw",
    [
        mail(b"<" * 1_000_000).replace(b"text/plain", b"text/html"),
        mail(b"<div>" * 200_000).replace(b"text/plain", b"text/html"),
        mail(b"> " * 500_000),
        mail(("在" * 300_000).encode()),
        mail(b"On " * 300_000 + b"wrote:"),
        mail(b"x", "Subject: " + "=?" * 100_000),
        mail(b"x", "To: " + "<" * 100_000),
        mail(b"x", "To: " + "a@" * 100_000),
        mail(b"x", "References: " + "<a@b> " * 50_000),
        mail(b"x", "X-Many: 1\r\n" * 20_000),
    ],
)
def test_a_megabyte_of_hostility_is_read_in_time(raw: bytes) -> None:
    started = time.perf_counter()
    assert is_sound(parse(raw))
    assert time.perf_counter() - started < 5


def test_a_mail_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(limits.TooMuch), limits.wall_clock(0.05):
        while True:
            pass


def test_text_is_kept_whole() -> None:
    body = "\n".join(f"第{number}行 line" for number in range(2000))
    assert parse(mail(body.encode())).text == clean_text(body)
