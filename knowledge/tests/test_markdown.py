"""Nothing an author writes runs in a reader's browser, and nothing tells another site who reads."""

from __future__ import annotations

import re

import pytest

from crm.ui.markdown import TAGS
from knowledge import markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example" onmouseover="alert(1))',
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//evil.example></iframe>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "![x](picture:../../accounts/logout)",
    "[x](kb:1;javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<form action=//evil.example><input name=password></form>",
    "[x](\x01javascript:alert(1))",
]
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)([^>]*)>")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives(attack):
    html = str(markdown.render(attack).html)
    for _slash, tag, attributes in _TAG.findall(html):
        assert tag in TAGS, html
        assert not re.search(r"\son\w+\s*=", attributes) or '"' in attributes.split("on")[0], html
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        assert not any(name.startswith("on") or name in {"style", "class"} for name in found), html
        assert re.match(r"(https?:|mailto:|tel:|/|#|$|[^:]*$)", found.get("href", "")), html
        assert tag != "img" or found.get("src", "/files/").startswith("/files/"), html


def test_a_link_to_an_article_becomes_its_address_or_stays_plain():
    html = str(markdown.render("See [one](kb:KB-7) and [two](kb:8).", links={7: "/help/articles/seven/"}).html)
    assert '<a href="/help/articles/seven/"' in html and ">one</a>" in html
    assert "kb:" not in html and "two." in html


def test_headings_make_the_contents_and_leave_the_title_to_the_page():
    rendered = markdown.render("# One\n\n## One\n\n### Two `code`")
    assert [(row.level, row.anchor, row.text) for row in rendered.headings] == [
        (2, "part-1", "One"), (2, "part-2", "One"), (3, "part-3", "Two code"),
    ]  # fmt: skip
    assert "<h1" not in rendered.html and 'id="part-3"' in rendered.html


def test_pictures_of_the_article_are_shown_re_encoded():
    uid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert f'src="/files/{uid}/preview/"' in markdown.render(f"![label](picture:{uid})").html


def test_words_without_signs():
    assert markdown.plain("## A\n\n**b** [c](https://d.example)") == "A\nb c"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**好处。**然后", "<strong>好处。</strong>然后"),
        ("先说**重点：**然后", "先说<strong>重点：</strong>然后"),
        ("**“引号”**后", "<strong>“引号”</strong>后"),
        ("价格 3 * 5 元", "价格 3 * 5 元"),
        ("a ** b", "a ** b"),
    ],
)
def test_stars_beside_chinese_are_bold_without_a_space(written, shown):
    assert markdown.render(written).html.strip() == f"<p>{shown}</p>"
