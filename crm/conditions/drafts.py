"""A condition being edited: rows as the form shows them, whole or not, to and from trees and posted data.

Inputs are named by place: `rule-match`, `rule-0-field`, `rule-1-2-value`; numbers may have gaps, so rows can be
added and removed in the page without renaming the others. `rule-do` carries a button: "add:1", "remove:1-2".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crm.core.errors import Invalid

from . import tree as trees
from .operators import Operator, operators_for
from .registry import Field, Path
from .values import UNITS

_SEPARATORS = re.compile(r"[,，、;；\n]")
_MATCHES = {"all": ("all", False), "any": ("any", False), "none": ("any", True), "not_all": ("all", True)}


@dataclass(slots=True)
class Row:
    """values and second are what the inputs hold; unit goes with spans of time."""

    key: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    second: str = ""
    unit: str = "days"

    def leaf(self, path: Path | None) -> dict[str, Any]:
        """The leaf as JSON, unchecked."""
        operator = operators_for(path.field).get(self.op) if path else None
        value = self._value(path.field, operator) if path and operator else None
        return {"field": self.key, "op": self.op, "value": value}

    def _value(self, of: Field, operator: Operator) -> Any:
        first = self.values[0] if self.values else ""
        spans = of.type == "duration" or operator.takes == "span"
        if operator.takes == "several":
            if of.has_options:
                return self.values
            return [part for part in _SEPARATORS.split(first) if part.strip()]
        if operator.takes == "range":
            return [self._span(first), self._span(self.second)] if spans else [first, self.second]
        if operator.takes != "count" and spans:
            return self._span(first)
        return first

    def _span(self, n: str) -> dict[str, str]:
        return {"n": n, "unit": self.unit}


@dataclass(slots=True)
class Block:
    """A group of rows and groups. match: all, any, none or not_all of them."""

    match: str = "all"
    items: list[Row | Block] = field(default_factory=list)

    def node(self, paths: Mapping[str, Path]) -> dict[str, Any]:
        """The group as JSON, unchecked."""
        key, negative = _MATCHES[self.match]
        parts = [item.node(paths) if isinstance(item, Block) else item.leaf(paths.get(item.key)) for item in self.items]
        return {"not": {key: parts}} if negative else {key: parts}


@dataclass(slots=True)
class Draft:
    """What was posted. editing: a button changed the rows, so this is not yet for saving."""

    root: Block
    editing: bool = False

    def tree(self, paths: Mapping[str, Path]) -> dict[str, Any]:
        return {"v": trees.VERSION, **self.root.node(paths)}


def from_tree(tree: Any) -> Block:
    """The rows of a stored tree; none for what is no tree."""
    try:
        return _block(trees.read(tree))
    except Invalid:
        return Block()


def _block(group: trees.Group) -> Block:
    match = next(name for name, known in _MATCHES.items() if known == (group.match, group.negative))
    return Block(match, [_block(item) if isinstance(item, trees.Group) else _row(item) for item in group.items])


def _row(leaf: trees.Leaf) -> Row:
    row, value = Row(leaf.field, leaf.op), leaf.value
    values = value if isinstance(value, list) else [] if value is None else [value]
    if values and all(isinstance(entry, Mapping) for entry in values):
        row.unit = _shared_unit(values)
    row.values = [_written(entry, row.unit) for entry in values]
    if leaf.op == "between" and len(row.values) == 2:
        row.second = row.values.pop()
    return row


def _shared_unit(spans: list[Mapping[str, Any]]) -> str:
    units = {str(span.get("unit")) for span in spans}
    return units.pop() if len(units) == 1 else "minutes"


def _written(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return str(_in_unit(value, unit))
    if isinstance(value, str) and "T" in value:
        try:
            moment = parse_datetime(value)
        except ValueError:
            moment = None
        if moment is not None and timezone.is_aware(moment):
            return timezone.localtime(moment).replace(tzinfo=None).isoformat(timespec="minutes")
    return str(value)


def _in_unit(span: Mapping[str, Any], unit: str) -> Any:
    if span.get("unit") == unit or span.get("unit") not in UNITS or not isinstance(span.get("n"), int):
        return span.get("n", "")
    return span["n"] * UNITS[span["unit"]][0] // UNITS[unit][0]


def from_post(data: Any, name: str) -> Draft | None:
    """The rows of posted data, with the pressed button's change made; None when they were not posted."""
    if f"{name}-match" not in data:
        return None
    pattern = re.compile(re.escape(name) + r"((?:-\d{1,4}){0,4})-(match|field|op|value|second|unit)")
    found: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for key in data:
        if match := pattern.fullmatch(key):
            place = tuple(int(step) for step in match[1].split("-")[1:])
            found.setdefault(place, {})[match[2]] = data.getlist(key) if hasattr(data, "getlist") else [data[key]]
    blocks = {place: Block(_known_match(given["match"])) for place, given in found.items() if "match" in given}
    for place in sorted(found):
        parent = blocks.get(place[:-1]) if place else None
        if parent is not None and len(parent.items) <= trees.MAX_LEAVES:
            parent.items.append(blocks[place] if place in blocks else _posted_row(found[place]))
    draft = Draft(blocks[()])
    if command := data.get(f"{name}-do"):
        draft.editing = True
        _press(command, blocks, found, draft.root)
    return draft


def _known_match(given: list[str]) -> str:
    return given[0] if given and given[0] in _MATCHES else "all"


def _posted_row(given: dict[str, list[str]]) -> Row:
    first = {key: values[0] if values else "" for key, values in given.items()}
    values = given.get("value", [])
    return Row(first.get("field", ""), first.get("op", ""), values, first.get("second", ""), first.get("unit", "days"))


def _press(
    command: str, blocks: dict[tuple[int, ...], Block], found: Mapping[tuple[int, ...], Any], root: Block
) -> None:
    """Adds or removes a row; an unknown button only draws the rows again."""
    verb, _colon, where = command.partition(":")
    if not re.fullmatch(r"(\d{1,4}(-\d{1,4}){0,3})?", where):
        return
    place = tuple(int(step) for step in where.split("-")) if where else ()
    if verb == "add" and place in blocks:
        blocks[place].items.append(Row())
    elif verb == "group" and not place:
        root.items.append(Block("any", [Row()]))
    elif verb == "remove" and place in found and place[:-1] in blocks and place:
        siblings = sorted(other for other in found if len(other) == len(place) and other[:-1] == place[:-1])
        position = siblings.index(place)
        del blocks[place[:-1]].items[position : position + 1]
