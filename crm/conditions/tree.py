"""The shape of a stored condition: `{"v": 1, "all": [...]}`, checked for form but not yet for meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import Invalid

VERSION = 1
MAX_DEPTH = 3
MAX_LEAVES = 50


@dataclass(frozen=True, slots=True)
class Leaf:
    """One row as stored. path says where it stands, such as "all.1.any.0"."""

    path: str
    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """match: "all" or "any". negative: a `not` stands before it."""

    path: str
    match: str
    items: tuple[Leaf | Group, ...]
    negative: bool = False

    def leaves(self) -> Iterator[Leaf]:
        """Every leaf below, in order."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.leaves()
            else:
                yield item


def empty() -> dict[str, Any]:
    """The tree that holds for every record."""
    return {"v": VERSION, "all": []}


def read(tree: Any) -> Group:
    """The tree as groups and leaves; a lone leaf is put into a group. Raises `Invalid` with the path.

    An empty tree holds for every record; only the outermost group may be empty.
    """
    if not isinstance(tree, Mapping) or tree.get("v") != VERSION or isinstance(tree.get("v"), bool):
        raise _invalid("", _("This is not a condition of a known version."))
    root = _node({key: value for key, value in tree.items() if key != "v"}, "", 1, outermost=True)
    if isinstance(root, Leaf):
        root = Group("", "all", (root,))
    if sum(1 for _leaf in root.leaves()) > MAX_LEAVES:
        raise _invalid("", _("Use at most %(limit)s conditions.") % {"limit": MAX_LEAVES})
    return root


def _node(node: Any, path: str, depth: int, *, outermost: bool = False) -> Leaf | Group:
    keys = set(node) if isinstance(node, Mapping) else set()
    if keys == {"not"}:
        inner = _node(node["not"], _step(path, "not"), depth)
        if isinstance(inner, Leaf):
            return Group(path, "any", (inner,), negative=True)
        if inner.negative:
            raise _invalid(inner.path, _("A group cannot be turned round twice."))
        return Group(inner.path, inner.match, inner.items, negative=True)
    if keys in ({"all"}, {"any"}):
        return _group(node, keys.pop(), path, depth, outermost)
    if not {"field", "op"} <= keys <= {"field", "op", "value"}:
        raise _invalid(path, _("This is neither a condition nor a group."))
    if not isinstance(node["field"], str) or not isinstance(node["op"], str):
        raise _invalid(path, _("Choose a field and how to compare it."))
    return Leaf(path, node["field"], node["op"], node.get("value"))


def _group(node: Mapping[str, Any], match: str, path: str, depth: int, outermost: bool) -> Group:
    path, items = _step(path, match), node[match]
    if not isinstance(items, list):
        raise _invalid(path, _("This is neither a condition nor a group."))
    if not items and not outermost:
        raise _invalid(path, _("Add a condition to the group, or remove it."))
    if depth > MAX_DEPTH:
        raise _invalid(path, _("Groups may be nested %(limit)s deep at most.") % {"limit": MAX_DEPTH})
    if len(items) > MAX_LEAVES:
        raise _invalid(path, _("Use at most %(limit)s conditions.") % {"limit": MAX_LEAVES})
    return Group(path, match, tuple(_node(item, _step(path, str(i)), depth + 1) for i, item in enumerate(items)))


def _step(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _invalid(path: str, message: str) -> Invalid:
    return Invalid(message, fields={path: message})
