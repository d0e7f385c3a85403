"""The help centre's search in both languages, and what typing a subject suggests."""

from __future__ import annotations

import pytest

from crm.core.actor import Actor
from knowledge import finding
from knowledge.actions import save_text, unpublish_text

from .builders import SYSTEM, make_article

pytestmark = pytest.mark.django_db
GUEST = Actor.guest()


@pytest.fixture
def shelf():
    make_article(
        "Printer goes offline after an update",
        "The network module sleeps after firmware 3.2.",
        chinese=("更新后打印机离线", "升级到固件 3.2 后，打印机会在十分钟后断网。"),
        publish=True,
    )
    make_article(
        "Change the billing title", "Send the tax number.", chinese=("修改发票抬头", "附上税号。"), publish=True
    )
    make_article("Secret price list of printers", "offline", visibility="internal", publish=True)
    make_article("Unfinished printer article", "offline")


def titles(query, language="en"):
    return [hit.text.title for hit in finding.search(GUEST, query, language).hits]


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("printer offline", "en", "Printer goes offline after an update"),
        ("PRINTERS offline", "en", "Printer goes offline after an update"),
        ("sleeps firmware", "en", "Printer goes offline after an update"),
        ("prnter ofline", "en", "Printer goes offline after an update"),
        ("打印机离线", "zh-hans", "更新后打印机离线"),
        ("断网", "zh-hans", "更新后打印机离线"),
        ("发票", "zh-hans", "修改发票抬头"),
        ("离线打印机", "zh-hans", "更新后打印机离线"),
    ],
)  # fmt: skip
def test_found_by_words(shelf, query, language, found):
    assert titles(query, language)[0] == found


def test_what_is_not_published_for_everyone_is_never_found(shelf):
    for query in ("secret price list", "unfinished", "printer", "offline"):
        assert not {"Secret price list of printers", "Unfinished printer article"} & set(titles(query))


def test_a_text_that_is_taken_back_is_gone_at_once(shelf):
    article = finding.search(GUEST, "printer offline", "en").hits[0].text.article
    unpublish_text(actor=SYSTEM, article=article, language="en")
    assert titles("printer goes offline") == []


def test_what_was_typed_since_is_not_found_before_it_is_published():
    article = make_article("Printer", "Old words", publish=True)
    save_text(actor=SYSTEM, article=article, language="en", title="Scanner", body="New words", base=1)
    assert titles("scanner") == []
    assert [hit.text.published_version.title for hit in finding.search(GUEST, "old words", "en").hits] == ["Printer"]


def test_nothing_with_all_words_is_a_miss_although_some_come_near(shelf):
    results = finding.search(GUEST, "printer zebra", "en")
    assert results.is_miss and results.is_near
    assert finding.search(GUEST, "zzzz", "en").is_miss
    assert not finding.search(GUEST, "prnter", "en").is_miss


def test_a_sentence_suggests_what_it_is_about(shelf):
    found = finding.suggest(GUEST, "Hello, my printer went offline after the update, what can I do?", "en")
    assert found[0].text.title == "Printer goes offline after an update"
    chinese = finding.suggest(GUEST, "您好，打印机升级后一直离线怎么办", "zh-hans")
    assert chinese[0].text.title == "更新后打印机离线"
    assert finding.suggest(GUEST, "Where can I park my car?", "en") == []
    assert finding.suggest(GUEST, "Hello, please help me", "en") == []


@pytest.mark.parametrize("query", ["' | !(", "a:*&b", "\\", "%_", "<script>", "🖨" * 50, "a" * 5000, "&|!", "kb:1"])
def test_no_query_is_syntax(shelf, query):
    finding.search(GUEST, query, "en")
    finding.suggest(GUEST, query, "en")
