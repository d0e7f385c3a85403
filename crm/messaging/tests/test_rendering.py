"""Values become text, never markup, header lines or links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from crm.core.models import Brand
from crm.core.translated import Translated
from crm.messaging.models import MailTemplate
from crm.messaging.rendering import render_template

from .builders import VALUES

pytestmark = pytest.mark.django_db


class Elements(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])


def rendered(language="en", **changes):
    values = {**VALUES, **{name.replace("__", "."): value for name, value in changes.items()}}
    return render_template("test.received", brand=Brand.default(), language=language, values=values)


def test_both_languages():
    english, chinese = rendered("en"), rendered("zh-hans")
    assert english.subject == "We have got T-1024"
    assert chinese.subject == "已收到工单 T-1024：打印机离线"
    assert "Dear 李雷," in english.text
    assert '<html lang="en">' in english.html
    assert '<html lang="zh-Hans">' in chinese.html
    assert "云帆设备" in chinese.html


def test_the_template_s_links_are_linked_and_one_is_the_button():
    page = Elements(rendered().html)
    assert page.links == ["https://help.example/rules", "https://help.example/t/abc"]
    assert re.search(r'<a class="button" href="https://help.example/t/abc">Follow it</a>', rendered().html)
    assert "查看进度</a>" in rendered("zh-hans").html
    assert "Follow it: https://help.example/t/abc" in rendered().text


@pytest.mark.parametrize(
    "name",
    [
        "<a href=//x>",
        '"><a href="https://evil.example">click',
        "https://evil.example",
        "www.evil.example",
        "<script>alert(1)</script>",
        "{{ticket.link}}",
        "&lt;a href=//x&gt;",
        "[x](https://evil.example)",
    ],
)
def test_a_hostile_name_gives_no_link_and_no_element(name):
    harmless, hostile = Elements(rendered().html), Elements(rendered(contact__name=name).html)
    assert hostile.links == harmless.links
    assert hostile.tags == harmless.tags


def test_a_value_that_looks_like_a_placeholder_is_not_looked_up():
    assert "Dear {{ticket.number}}," in rendered(contact__name="{{ticket.number}}").text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", 'https://x" onclick="y', "", "no"])
def test_a_link_that_is_no_web_address_is_text(link):
    assert Elements(rendered(ticket__link=link).html).links == ["https://help.example/rules"]


def test_an_unknown_placeholder_stays_as_written():
    assert "{{unknown}}" in rendered("zh-hans").text
    assert "{{unknown}}" in rendered("zh-hans").html


def test_a_line_break_in_a_value_breaks_no_header():
    subject = rendered("zh-hans", text="one\r\nBcc: spy@example.com").subject
    assert subject == "已收到工单 T-1024：one Bcc: spy@example.com"


def test_lines_of_a_value_stay_lines():
    html = rendered(text="first\nsecond").html
    assert re.search(r"first<br>\s*second", html)


def test_the_administrator_s_wording_counts():
    MailTemplate.objects.create(
        key="test.received", subject=Translated({"en": "Hello"}), body=Translated({"en": "Only this"})
    )
    assert rendered("zh-hans").subject == "Hello"
    assert rendered("zh-hans").text == "Only this"


def test_nobody_declared_it():
    with pytest.raises(KeyError):
        render_template("test.nothing", brand=Brand.default(), language="en", values={})
