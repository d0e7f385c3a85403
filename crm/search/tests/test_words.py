"""How texts and queries become words."""

from __future__ import annotations

import pytest

from crm.search import words
from crm.search.words import Part


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("打印机 offline", [Part("han", "打印机"), Part("word", "offline")]),
        ("打印机offline", [Part("han", "打印机"), Part("word", "offline")]),
        ("+86 (139) 0000-5544", [Part("digits", "8613900005544")]),
        ("５５４４", [Part("digits", "5544")]),
        ("Li.Na@Example.test, 5544", [Part("mail", "li.na@example.test"), Part("digits", "5544")]),
        ("a a A", [Part("word", "a")]),
        ("' & | !", []),
    ],
)
def test_a_query_is_taken_apart(query: str, parts: list[Part]) -> None:
    assert words.parse(query) == parts


def test_a_query_has_an_end() -> None:
    assert len(words.parse(" ".join(f"w{number}" for number in range(99)))) == words.QUERY_PARTS


def test_chinese_is_cut_into_words_and_pairs() -> None:
    assert {"客户", "关系", "管理", "crm", "2"} <= set(words.tokens("客户关系管理CRM-2"))
    assert "工单" not in set(words.tokens("客户关系管理"))
    assert set(words.bigrams("退货A单")) == {"退", "货", "退货", "单"}


def test_quotes_and_backslashes_stay_inside_a_lexeme() -> None:
    assert words.quoted("o'br\\ien") == "'o''br\\\\ien'"


def test_numbers_are_compared_without_signs() -> None:
    assert words.number_key("C-10482") == "c10482" and words.number_key("#4711") == "4711"
