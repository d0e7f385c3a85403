"""The JSON of a page or mail made of blocks: `{"v": 1, "blocks": [{"id": …, "type": …, "values": {…}}]}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.core.errors import Invalid

from .declarations import BlockType, block_types
from .values import Place

VERSION = 1
#: Blocks of one page, and characters of an id.
MOST = 60
#: Where blocks stand when nobody says.
A_PAGE = Place()
_ID = re.compile(r"[a-z0-9]{1,16}")


def empty_content() -> dict[str, Any]:
    """A page without blocks."""
    return {"v": VERSION, "blocks": []}


def check_content(raw: Any, place: Place = A_PAGE) -> dict[str, Any]:
    """The content as it may be stored: known types and values only, text cleaned, addresses harmless.

    Raises `Invalid` whose `fields` name each wrong place, such as "b1.text"; "" is the content as a whole.
    """
    if not isinstance(raw, dict) or raw.get("v") != VERSION or not isinstance(raw.get("blocks"), list):
        raise Invalid(fields={"": _("Expected version 1 and a list of blocks.")})
    if len(raw["blocks"]) > MOST:
        raise Invalid(fields={"": _("A page holds at most %(most)s blocks.") % {"most": MOST}})
    wrong: dict[str, object] = {}
    kept: list[dict[str, Any]] = []
    for number, block in enumerate(raw["blocks"], start=1):
        block_id = block.get("id") if isinstance(block, dict) else None
        if not isinstance(block_id, str) or not _ID.fullmatch(block_id) or any(b["id"] == block_id for b in kept):
            wrong[str(number)] = _("Every block needs an id of its own, of small letters and digits.")
            continue
        entry = block_types.get(block["type"]) if isinstance(block.get("type"), str) else None
        if entry is None or not entry.stands_in(place.medium):
            wrong[block_id] = _("There is no block “%(type)s” here.") % {"type": str(block.get("type"))[:40]}
            continue
        values = _checked(block_id, entry, block.get("values"), place, wrong)
        kept.append({"id": block_id, "type": entry.key, "values": values})
    if wrong:
        raise Invalid(fields=wrong)
    return {"v": VERSION, "blocks": kept}


def _checked(block_id: str, entry: BlockType, raw: Any, place: Place, wrong: dict[str, object]) -> dict[str, Any]:
    values = raw if isinstance(raw, dict) else {}
    if not isinstance(raw, dict) or set(values) - {value.key for value in entry.values}:
        wrong[block_id] = _("A block of this type has these values: %(keys)s") % {
            "keys": ", ".join(value.key for value in entry.values)
        }
        return {}
    kept: dict[str, Any] = {}
    for value in entry.values:
        try:
            kept[value.key] = value.check(values.get(value.key), place)
        except ValidationError as error:
            wrong[f"{block_id}.{value.key}"] = " ".join(error.messages)
    return kept


def blocks_in(content: Mapping[str, Any] | None) -> Iterator[tuple[str, BlockType, dict[str, Any]]]:
    """(id, type, stored values) of what can be drawn: blocks of apps that are switched off are left out."""
    for block in (content or {}).get("blocks", ()):
        entry = block_types.offered(block["type"])
        if entry is not None:
            yield block["id"], entry, block["values"]


def languages_missing(content: Mapping[str, Any] | None, languages: list[str]) -> list[str]:
    """Of these languages, those in which some text is not written although it is in another."""
    missing: set[str] = set()

    def look(stored: Any) -> None:
        if isinstance(stored, list):
            for item in stored:
                look(item)
        elif isinstance(stored, dict):
            texts = {code: stored.get(code) for code in languages}
            if stored and all(isinstance(text, str) for text in stored.values()):
                missing.update(code for code, text in texts.items() if not text)
            else:
                for item in stored.values():
                    look(item)

    for _block_id, _entry, values in blocks_in(content):
        look(list(values.values()))
    return [code for code in languages if code in missing]
