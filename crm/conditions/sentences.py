"""A condition as one plain sentence in the active language, written from the tree that runs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import reduce
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.core.actor import Actor
from crm.core.errors import Invalid

from . import tree as trees
from .operators import operators_for
from .registry import CATALOGUE, Catalogue, Path
from .values import read_argument


def sentence(
    tree: Any, on: str, viewer: Actor, *, catalogue: Catalogue = CATALOGUE, speaker: Speaker | None = None
) -> str:
    """The rule in words. What the viewer may not read is "a hidden field", its value unsaid.

    speaker: one that says many, so that lists of values are read once for all.
    Never fails on a field, an operator or a value that has gone since. Raises `Invalid` for what is no tree.
    """
    root = trees.read(tree)
    if not root.items:
        return _("Every record matches.")
    text = (speaker or Speaker(on, viewer, catalogue)).group(root, outermost=True)
    return _("%(rule)s.") % {"rule": text[:1].upper() + text[1:]}


class Speaker:
    """Says conditions on one kind of record to one viewer; each field's list of values is read once."""

    def __init__(self, on: str, viewer: Actor, catalogue: Catalogue) -> None:
        self.on, self.viewer, self.catalogue = on, viewer, catalogue
        self._options: dict[Any, dict[str, tuple[Any, Any]]] = {}

    def group(self, group: trees.Group, *, outermost: bool = False) -> str:
        """A group and all below it."""
        parts = [self.group(item) if isinstance(item, trees.Group) else self.leaf(item) for item in group.items]
        joint = _("%(first)s and %(second)s") if group.match == "all" else _("%(first)s or %(second)s")
        text = reduce(lambda first, second: joint % {"first": first, "second": second}, parts)
        if group.negative:
            return _("it is not so that (%(rule)s)") % {"rule": text}
        return text if outermost or len(parts) == 1 else _("(%(rule)s)") % {"rule": text}

    def said(self, leaf: dict[str, Any]) -> str:
        """One stored leaf, as a sentence of its own."""
        text = self.leaf(trees.Leaf("", leaf["field"], leaf["op"], leaf.get("value")))
        return text[:1].upper() + text[1:]

    def value(self, path: Path, value: Any) -> str:
        """A value as a record has it; nothing where there is none."""
        if value is None or value == "":
            return ""
        return value if isinstance(value, str) and not path.field.has_options else self._say(path, value)

    def leaf(self, leaf: trees.Leaf) -> str:
        """A leaf in the middle of a sentence."""
        path = self.catalogue.find(self.on, leaf.field)
        if path is None:
            return _("a field that no longer exists has a certain value")
        if not path.readable_by(self.viewer):
            return _("a hidden field has a certain value")
        operator = operators_for(path.field).get(leaf.op)
        if operator is None:
            return _("%(field)s has a certain value") % {"field": path.label}
        words = {"field": path.label}
        try:
            argument = read_argument(operator.takes, path.field, leaf.value, None)
        except Invalid:
            return str(operator.phrase) % {
                **words,
                **dict.fromkeys(("value", "first", "second"), _("an unknown value")),
            }
        if operator.takes == "range":
            words["first"], words["second"] = (self._say(path, value) for value in argument)
        elif operator.takes == "several":
            said = [self._say(path, value) for value in argument]
            words["value"] = reduce(_listed, said)
        elif operator.takes != "nothing":
            words["value"] = self._say(path, argument, counted=operator.takes == "count")
        return str(operator.phrase) % words

    def _say(self, path: Path, value: Any, *, counted: bool = False) -> str:
        if path.field.has_options and not counted:
            return self._option(path, value)
        if isinstance(value, bool):
            return pgettext("value", "yes") if value else pgettext("value", "no")
        if isinstance(value, str):
            return _("“%(text)s”") % {"text": value}
        if isinstance(value, dt.datetime):
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, dt.date):
            return date_format(value, "SHORT_DATE_FORMAT")
        return number_format(value, force_grouping=True) if isinstance(value, int | Decimal) else str(value)

    def _option(self, path: Path, value: Any) -> str:
        if path.field not in self._options:
            self._options[path.field] = path.field.options(self.viewer)
        found = self._options[path.field].get(str(value))
        return str(found[1]) if found else _("a value that no longer exists")


def _listed(first: str, second: str) -> str:
    return pgettext("list", "%(first)s, %(second)s") % {"first": first, "second": second}
