"""Content of blocks: what may be stored, how it is drawn, and the editor without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict

from crm.blocks import merge
from crm.blocks.content import check_content, languages_missing
from crm.blocks.declarations import block_types
from crm.blocks.editing import BlockEditor
from crm.blocks.rendering import DARK_ONLY, render_mail, render_page
from crm.blocks.values import Place, Scene
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.testing.tests.security.hostile import MORE, WORST

pytestmark = pytest.mark.django_db

PAGE, MAIL = Place(), Place("mail")
#: Classes that only the colours for the dark need; everything else is styled in place.
FOR_THE_DARK = {"m-page", "m-card", "m-dim", "m-fill", "m-plain"}


def block(type: str, block_id: str = "a1", **values: Any) -> dict[str, Any]:
    return {"id": block_id, "type": type, "values": values}


def content(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, "blocks": list(blocks)}


def words(en: str, zh: str = "") -> dict[str, str]:
    return {"en": en, "zh-hans": zh}


def html(stored: dict[str, Any], **known: Any) -> str:
    return str(render_page(stored, {}, scene=Scene(known.pop("language", "en"), known.pop("words", {}))))


SAMPLES = {
    "heading": {"text": words("Cold chain", "冷链"), "level": "title", "align": "left"},
    "text": {"text": words("**Bold** [here](https://a.example)", "**粗**")},
    "button": {"label": words("Ask"), "address": "#form", "look": "primary", "align": "left"},
    "columns": {"title": words("Why"), "items": [{"title": words("One"), "text": words("Fast")}]},
    "quote": {"text": words("Good"), "who": words("Chen")},
    "divider": {},
    "spacer": {"size": "m"},
}  # fmt: skip


@pytest.mark.parametrize("key", SAMPLES)
def test_a_block_is_stored_and_drawn_on_a_page_in_a_mail_and_as_text(key):
    stored = check_content(content(block(key, **SAMPLES[key])), MAIL)
    assert stored == check_content(stored, PAGE), "what was stored may be stored again, unchanged"
    assert html(stored)
    mail = render_mail(stored, {}, "en", brand=Brand.default(), footer=[("Unsubscribe", "https://u.example/1")])
    assert "https://u.example/1" in mail.html and "Unsubscribe: https://u.example/1" in mail.text
    assert "<script" not in mail.html and set(re.findall(r'class="([^"]*)"', mail.html)) <= FOR_THE_DARK
    assert DARK_ONLY in mail.html


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"v": 2, "blocks": []}, ""),
        ([], ""),
        (content(*[block("divider", f"x{n}") for n in range(61)]), ""),
        (content(block("divider"), block("divider")), "2"),
        (content(block("divider", "A B")), "1"),
        (content(block("no_such_block")), "a1"),
        (content({"id": "a1", "type": ["divider"], "values": {}}), "a1"),
        (content(block("divider", colour="red")), "a1"),
        (content(block("heading", text="plain", level="title")), "a1.text"),
        (content(block("heading", text=words(""), level="title")), "a1.text"),
        (content(block("heading", text=words("x" * 201), level="title")), "a1.text"),
        (content(block("heading", text=words("Hi {{ user.password }}"), level="title")), "a1.text"),
        (content(block("heading", text=words("Hi {{contact.name"), level="title")), "a1.text"),
        (content(block("heading", text=words("Hi"), level="huge")), "a1.level"),
        (content(block("button", label=words("x"), address="javascript:alert(1)")), "a1.address"),
        (content(block("button", label=words("x"), address="//evil.example")), "a1.address"),
        (content(block("button", label=words("x"), address='https://a"onclick=x')), "a1.address"),
        (content(block("columns", items=[{}] * 5)), "a1.items"),
        (content(block("columns", items=[])), "a1.items"),
        (content(block("picture", picture="../../etc/passwd", alt=words("x"))), "a1.picture"),
        (content(block("product", product=10**12)), "a1.product"),
    ],
)
def test_what_may_not_be_stored_is_refused_with_its_place(wrong, where):
    with pytest.raises(Invalid) as refused:
        check_content(wrong, PAGE)
    assert list(refused.value.fields) == [where]
    assert str(refused.value.fields[where])


def test_hostile_strings_are_refused_or_harmless_wherever_they_stand():
    brand = Brand.default()
    for text in (*WORST, *MORE):
        for key, sample in SAMPLES.items():
            for name, value in sample.items():
                put = {"en": text, "zh-hans": text} if isinstance(value, dict) else text
                try:
                    stored = check_content(content(block(key, **{**sample, name: put})), MAIL)
                except Invalid:
                    continue
                mail = render_mail(stored, {}, "en", brand=brand)
                for drawn in (html(stored), mail.html):
                    assert not re.search(r"<(script|svg|iframe|img)\b", drawn), (key, name, text[:40])
                    assert not re.search(r'(href|src)="?\s*(javascript|data|vbscript):', drawn, re.I)
                assert "\x00" not in mail.text


def test_words_are_filled_in_once_escaped_and_fall_back():
    stored = check_content(content(
        block("heading", "a", text=words("Dear {{contact.name|friend}}"), level="section"),
        block("text", "b", text=words("Hello {{ contact.name | friend }}, from {{brand.name}}")),
    ))  # fmt: skip
    assert "Dear friend" in html(stored) and "Hello friend, from" in html(stored)
    evil = "[x](https://evil.example) <b>{{brand.name}}</b>\n# Big"
    drawn = html(stored, words={"contact.name": evil, "brand.name": "Northwind"})
    assert "evil.example)" in drawn and 'href="https://evil' not in drawn
    assert "<b>" not in drawn and "<h2>B" not in drawn
    assert drawn.count("{{brand.name}}") == 2, "a value is not looked up again"
    mail = render_mail(stored, {"contact.name": "Chen <Li>"}, "en", brand=Brand.default())
    assert "Dear Chen &lt;Li&gt;" in mail.html and "Dear Chen <Li>" in mail.text
    assert merge.values_of(brand=Brand.default())["brand.name"] == str(Brand.default().name)


def test_each_language_falls_back_and_what_is_missing_is_told():
    stored = check_content(
        content(block("heading", text=words("Cold chain", "冷链")), block("text", "b", text=words("Only")))
    )
    assert "冷链" in html(stored, language="zh-hans") and "Only" in html(stored, language="zh-hans")
    assert languages_missing(stored, ["en", "zh-hans"]) == ["zh-hans"]


def test_links_in_mails_are_whole_and_can_be_counted():
    stored = check_content(content(
        block("button", "a", label=words("Go"), address="/help/"), block("text", "b", text=words("[w](https://x.example)"))
    ), MAIL)  # fmt: skip
    brand = Brand.default()
    mail = render_mail(stored, {}, "en", brand=brand, link=lambda address: f"https://c.example/?to={address}")
    assert mail.html.count("https://c.example/?to=") == 2
    assert f"Go: https://c.example/?to={brand.base_url}/help/" in mail.text


def sent(stored: dict[str, Any], command: str = "", **changed: str) -> BlockEditor:
    """What a browser sends for the form of this content, with one button pressed."""
    data = QueryDict(mutable=True)
    for form in BlockEditor(stored, PAGE).forms:
        data.appendlist("block", form.order_key)
        for name in form.fields:
            value = form[name].value()
            if isinstance(value, list):
                for code, text in zip(("en", "zh_hans"), value, strict=True):
                    data[f"{form.add_prefix(name)}_{code}"] = text
            else:
                data[form.add_prefix(name)] = "" if value is None else str(value)
    data.update({"block_op": command, **changed})
    return BlockEditor.sent(data, None, PAGE)


def test_the_editor_adds_moves_copies_and_removes_without_losing_what_was_typed():
    stored = check_content(content(*(block(key, f"b{n}", **value) for n, (key, value) in enumerate(SAMPLES.items()))))
    keys = list(SAMPLES)
    typed = {"b-b0-text_en": "Typed {{ and wrong"}

    def kinds(editor: BlockEditor) -> list[str]:
        assert "Typed {{ and wrong" in str([form["text"].value() for form in editor.forms if form.block_id == "b0"])
        return [form.entry.key for form in editor.forms]

    assert kinds(sent(stored, "down:b0", **typed)) == [keys[1], keys[0], *keys[2:]]
    assert kinds(sent(stored, "remove:b3", **typed)) == keys[:3] + keys[4:]
    assert kinds(sent(stored, "copy:b0", **typed)) == ["heading", *keys]
    added = sent(stored, "add:quote", **typed)
    assert kinds(added) == [*keys, "quote"] and added.focus == added.forms[-1].block_id and added.status
    assert kinds(sent(stored, "add:no_such", **typed)) == kinds(sent(stored, "up:nobody", **typed)) == keys


def test_the_editor_gives_back_what_it_was_given_and_says_what_is_wrong():
    stored = check_content(content(*(block(key, f"b{n}", **value) for n, (key, value) in enumerate(SAMPLES.items()))))
    editor = sent(stored)
    assert editor.is_valid() and editor.content == stored
    editor = sent(stored, **{"b-b0-text_en": "", "b-b0-text_zh_hans": "", "b-b2-address": "ftp://x"})
    assert not editor.is_valid()
    assert {label.split(":")[0] for _anchor, label, _message in editor.problems()} == {"Heading", "Button"}
    assert len(editor.good_content["blocks"]) == len(SAMPLES) - 2


def test_every_type_can_be_drawn_where_it_says():
    assert {"heading", "text", "picture", "button", "columns", "quote", "product", "divider", "spacer"} <= {
        entry.key for entry in block_types
    }
