"""How many parts a text is paid in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.core.models import Brand
from crm.messaging.declarations import mail_templates
from crm.messaging.rendering import render_sms
from crm.messaging.sms.parts import parts_of


@pytest.mark.parametrize(
    ("text", "is_unicode", "units", "count"),
    [
        ("", False, 0, 0),
        ("a" * 160, False, 160, 1),
        ("a" * 161, False, 161, 2),
        ("a" * 306, False, 306, 2),
        ("a" * 307, False, 307, 3),
        ("€" * 80, False, 160, 1),
        ("€" * 81, False, 162, 2),
        ("a" * 152 + "€" + "a" * 152, False, 306, 3),  # the escape does not fit the first part, and is not torn
        ("你" * 70, True, 70, 1),
        ("你" * 71, True, 71, 2),
        ("你" * 134, True, 134, 2),
        ("你" * 135, True, 135, 3),
        ("😀" * 35, True, 70, 1),
        ("你" * 66 + "😀" + "你" * 66, True, 134, 3),
        ("a" * 70 + "…", True, 71, 2),  # one character outside the alphabet makes all of it UCS-2
    ],
)
def test_parts(text, is_unicode, units, count):
    found = parts_of(text)
    assert (found.is_unicode, found.units, found.count) == (is_unicode, units, count)


pytestmark = pytest.mark.django_db
LINK = "https://help.example/help/tickets/abcdefghijklmnopqrstuvwxyz0/"


def rendered(text: str, language: str = "zh-hans"):
    return render_sms(
        "test.received", brand=Brand.default(), language=language, values={"text": text, "ticket.link": LINK}
    )


def test_a_text_that_fits_is_sent_whole():
    found = rendered("请先关闭省电模式。")
    assert found.text.endswith(f"请先关闭省电模式。\n{LINK}") and not found.shortened
    assert found.parts.count == 2


@pytest.mark.parametrize(("letter", "language"), [("你", "zh-hans"), ("a", "en"), ("😀", "zh-hans")])
def test_a_long_text_is_cut_and_the_link_stays(settings, letter, language):
    for limit in (2, 3, 5):
        settings.SMS_MAX_PARTS = limit
        found = rendered(letter * 2000, language)
        assert found.text.endswith(f"...\n{LINK}") and found.shortened
        assert found.parts.count == limit
        one_more = found.text.replace("...", f"{letter}...")
        assert parts_of(one_more).count == limit + 1  # as much as fits, not less


def test_what_a_customer_typed_is_no_placeholder():
    assert "{{ticket.link}}" in rendered("look: {{ticket.link}}").text


def test_a_template_without_wording_gives_no_text_message(monkeypatch, declared):
    monkeypatch.setitem(mail_templates._entries, declared.key, replace(declared, sms={}))
    assert rendered("x") is None
