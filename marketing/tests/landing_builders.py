"""Landing pages in legal states, made by calling actions."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from crm.ui.public_forms import stamp
from marketing.actions.landing import create_page, publish_page
from marketing.models import LandingPage

SYSTEM = Actor.system()
_numbers = itertools.count(1)


def words(en: str, zh: str = "") -> dict[str, str]:
    """The same thing in both languages."""
    return {"en": en, "zh-hans": zh or en}


def page_content(**asked: Any) -> dict[str, Any]:
    """A title, a text and a form that asks so."""
    form = {"title": words("Talk to us", "联系我们"), "company": "optional", "job_title": "no", "phone": "optional",
            "message": "optional", **asked}  # fmt: skip
    return {"v": 1, "blocks": [
        {"id": "a1", "type": "heading", "values": {"text": words("Cold chain", "冷链方案"), "level": "title"}},
        {"id": "a2", "type": "text", "values": {"text": words("Kept **cool**", "全程**低温**")}},
        {"id": "a3", "type": "form", "values": form},
    ]}  # fmt: skip


def make_page(*, publish: bool = True, content: dict[str, Any] | None = None, **values: Any) -> LandingPage:
    """A landing page, published unless somebody says otherwise."""
    number = next(_numbers)
    given = {"name": f"Page {number}", "slug": f"page-{number}", "title": words(f"Page {number}", f"页面 {number}")}
    page = create_page(actor=SYSTEM, values={**given, **values}, content=content or page_content())
    return publish_page(actor=SYSTEM, record=page) if publish else page


def sent(key: str = "landing-form-key-0001", **values: Any) -> dict[str, Any]:
    """What a visitor's browser sends."""
    filled = {"name": "Ada", "email": "ada@example.test", "message": "Prices?", "consent": "on"}
    return {**filled, "form_key": key, "opened_token": stamp(key), **values}
