"""Blocks drawn: as a page for browsers, as a mail for programs that know tables only, and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from crm.core.models import Brand
from crm.ui.markdown import as_written

from .content import blocks_in
from .declarations import BlockType, Medium
from .values import Scene


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """Both parts of a mail."""

    html: str
    text: str


def render_page(content: Mapping[str, Any], context: Mapping[str, Any], *, scene: Scene) -> SafeString:
    """The blocks as HTML. context: what templates of blocks from above need, such as the form; scene: see there.

    Everything is escaped by the templates; a block whose app is off or whose record is gone is left out.
    """
    with override(scene.language):
        return mark_safe(
            "".join(
                render_to_string(entry.template, {**context, "v": shown, "block_id": block_id})
                for block_id, entry, shown in _drawn(content, scene, "page")
            )
        )


#: How the frame of a mail begins its colours for the dark, which previews switch on.
DARK_ONLY = "@media (prefers-color-scheme: dark)"


def render_mail(
    content: Mapping[str, Any],
    values: Mapping[str, object],
    language: str,
    *,
    brand: Brand,
    subject: str = "",
    preheader: str = "",
    link: Callable[[str], str] = as_written,
    footer: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> RenderedMail:
    """The blocks as a mail. values: merge fields by key, as `merge.values_of` gives them.

    link: what becomes of each address, such as one that counts clicks; it never sees those of the footer. footer:
    (words, address), such as the way to unsubscribe. note: why the reader gets this. preheader: the line beside the
    subject in a list of mails.
    """
    scene = Scene(language, values, base_url=brand.base_url or str(settings.BASE_URL), link=link)
    drawn = list(_drawn(content, scene, "mail"))
    with override(language):
        html = render_to_string(
            "mail/blocks/_frame.html",
            {
                "blocks": [mark_safe(render_to_string(e.mail_template, {"v": shown})) for _id, e, shown in drawn],
                "html_lang": "zh-Hans" if language.startswith("zh") else "en", "subject": subject,
                "preheader": preheader, "brand_name": brand.name.in_language(language), "brand_phone": brand.phone,
                "footer": footer, "note": note,
            },
        )  # fmt: skip
        paragraphs = [line for _id, entry, shown in drawn for line in entry.lines(shown) if line]
    paragraphs += [text for text in (note, *(f"{words}: {address}" for words, address in footer)) if text]
    return RenderedMail(html, "\n\n".join(paragraphs) + "\n")


def _drawn(
    content: Mapping[str, Any], scene: Scene, medium: Medium
) -> Iterator[tuple[str, BlockType, Mapping[str, Any]]]:
    for block_id, entry, stored in blocks_in(content):
        if not entry.stands_in(medium):
            continue
        shown = {value.key: value.shown(stored.get(value.key), scene) for value in entry.values}
        prepared = entry.prepare(shown, scene.language)
        if prepared is not None:
            yield block_id, entry, prepared
