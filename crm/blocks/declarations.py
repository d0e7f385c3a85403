"""The sockets of content: kinds of block, and words that are filled in. Fill `<app>/blocks.py`.

block_types.register(BlockType("divider", _("Line"), "more", template="blocks/page/divider.html", …))
merge_fields.register(MergeField("contact.name", _("Name of the person"), "Chen Li", read=lambda row: row.name))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Text

if TYPE_CHECKING:
    from .values import Value

#: Where blocks stand. A mail is the poorer one: no form, no script, tables instead of a style sheet.
Medium = Literal["page", "mail"]


def _nothing(shown: Mapping[str, Any]) -> Sequence[str]:
    return ()


def _same(shown: dict[str, Any], language: str) -> dict[str, Any] | None:
    return shown


@dataclass(frozen=True, slots=True)
class BlockType:
    """A kind of block. values: what its author fills in, in the order of the form.

    template, mail_template: how it is drawn on a page and in a mail, with the shown values as `v`; "" where it cannot
    stand. lines(shown): the same as plain text, one paragraph each, for the plain part of a mail. prepare(shown,
    language): adds what must be read from the database when it is drawn, or answers None to leave the block out.
    """

    key: str
    label: Text
    icon: str
    values: Sequence[Value] = ()
    template: str = ""
    mail_template: str = ""
    lines: Callable[[Mapping[str, Any]], Sequence[str]] = _nothing
    prepare: Callable[[dict[str, Any], str], dict[str, Any] | None] = _same
    order: int = 50

    def stands_in(self, medium: Medium) -> bool:
        """Whether it can be put there."""
        return bool(self.template if medium == "page" else self.mail_template)


@dataclass(frozen=True, slots=True)
class MergeField:
    """A word that is looked up for each reader: `{{contact.name|friend}}`.

    key: "root.name"; root says what is read. read(row): the value, from the row that the caller has for that root.
    example: what a preview shows.
    """

    key: str
    label: Text
    example: Text
    read: Callable[[Any], object] = field(default=str)
    order: int = 50

    @property
    def root(self) -> str:
        return self.key.partition(".")[0]


block_types: Registry[BlockType] = Registry("block types")
merge_fields: Registry[MergeField] = Registry("merge fields")
ALL_REGISTRIES.extend((block_types, merge_fields))
