"""The blocks that every page and mail has. Others come from above: products, the form of a landing page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .declarations import BlockType, MergeField, block_types, merge_fields
from .values import Address, Choice, Items, Markdown, Picture, Words

_LEVELS = (("title", _("Title of the page")), ("section", _("Section")), ("small", _("Small")))
_ALIGN = (("left", _("Left")), ("center", _("Centre")))


def _columns(shown: Mapping[str, Any]) -> list[str]:
    return [str(shown["title"]), *(f"{item['title']}: {item['text']}".strip(": ") for item in shown["items"])]


def _quote(shown: Mapping[str, Any]) -> list[str]:
    return ["\n".join(filter(None, (f"“{shown['text']}”", shown["who"] and f"— {shown['who']}")))]


block_types.register(
    BlockType(
        "heading", _("Heading"), "formatting",
        [Words("text", _("Text")), Choice("level", _("Size"), choices=_LEVELS, default="section"),
         Choice("align", _("Alignment"), choices=_ALIGN)],
        "blocks/page/heading.html", "mail/blocks/heading.html", lambda shown: [shown["text"]], order=10,
    ),
    BlockType(
        "text", pgettext_lazy("block", "Text"), "list",
        [Markdown("text", _("Text"), help=_("**bold** · - point · 1. step · [words](https://…)"))],
        "blocks/page/text.html", "mail/blocks/text.html", lambda shown: [shown["text"].plain], order=15,
    ),
    BlockType(
        "picture", _("Picture"), "image",
        [Picture("picture", _("Picture")),
         Words("alt", _("What it shows"), help=_("For those who cannot see it, and while it loads.")),
         Words("caption", _("Caption"), required=False), Address("address", _("Leads to"), required=False)],
        "blocks/page/picture.html", "mail/blocks/picture.html",
        lambda shown: [shown["caption"] or shown["alt"]], order=20,
    ),
    BlockType(
        "button", _("Button"), "link",
        [Words("label", _("Words"), limit=60), Address("address", _("Leads to")),
         Choice("look", pgettext_lazy("button", "Look"),
                choices=(("primary", _("Main action")), ("plain", _("Beside it")))),
         Choice("align", _("Alignment"), choices=_ALIGN)],
        "blocks/page/button.html", "mail/blocks/button.html",
        lambda shown: [f"{shown['label']}: {shown['address']}"], order=25,
    ),
    BlockType(
        "columns", pgettext_lazy("block", "Columns"), "columns",
        [Words("title", _("Heading"), required=False),
         Items("items", pgettext_lazy("block", "Column"),
               values=[Words("title", _("Heading"), limit=80, required=False),
                       Words("text", _("Text"), limit=600, multiline=True, required=False)])],
        "blocks/page/columns.html", "mail/blocks/columns.html", _columns, order=30,
    ),
    BlockType(
        "quote", pgettext_lazy("block", "Quotation"), "message",
        [Words("text", pgettext_lazy("block", "What was said"), limit=1000, multiline=True),
         Words("who", _("Who said it"), required=False)],
        "blocks/page/quote.html", "mail/blocks/quote.html", _quote, order=35,
    ),
    BlockType(
        "divider", pgettext_lazy("block", "Line"), "remove", (), "blocks/page/divider.html", "mail/blocks/divider.html",
        lambda shown: ["---"], order=80,
    ),
    BlockType(
        "spacer", _("Empty space"), "sort_down",
        [Choice("size", _("Size"), choices=(("m", _("Medium")), ("s", _("Small")), ("l", _("Large"))))],
        "blocks/page/spacer.html", "mail/blocks/spacer.html", order=85,
    ),
)  # fmt: skip

merge_fields.register(
    MergeField("brand.name", _("Our name"), _("Northwind"), lambda brand: brand.name, order=90),
    MergeField("brand.phone", _("Our phone number"), "400-800-1234", lambda brand: brand.phone, order=91),
)
