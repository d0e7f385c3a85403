"""The one form component for conditions: rows that work with plain submits, quicker with conditions.js.

    class ViewForm(forms.ModelForm):
        rule = ConditionFormField(on="ticket", label=_("Conditions"))

        def __init__(self, *args, actor, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["rule"].author = actor

The page puts `{{ form.media }}` into its scripts block. `cleaned_data["rule"]` is the tree to store.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.sockets import kinds

from . import tree as trees
from .drafts import Block, Draft, Row, from_post, from_tree
from .language import parse
from .operators import Operator, operators_for
from .registry import CATALOGUE, Catalogue, Field, Path
from .values import UNITS, units_for

MAX_JSON = 40_000
_MATCHES = {
    "all": gettext_lazy("All of these are true"),
    "any": gettext_lazy("At least one is true"),
    "none": gettext_lazy("None of these is true"),
    "not_all": gettext_lazy("Not all of these are true"),
}


def control_for(field: Field, operator: Operator) -> str:
    """Which input the value takes: a name that `_value.html` and conditions.js know."""
    if operator.takes == "one":
        return "select" if field.has_options else field.type
    if operator.takes == "several":
        return "multi" if field.has_options else "list"
    if operator.takes == "range":
        return f"range-{field.type}"
    if operator.takes == "span":
        return "span-days" if field.type == "date" else "span"
    return operator.takes


def _family(field: Field) -> str:
    return f"many-{field.type}" if field.many else field.type


class ConditionWidget(forms.Widget):
    """Draws a `Draft` or a stored tree as rows. errors: path of a leaf → message, set by the field."""

    class Media:
        js = (forms.Script("js/conditions.js", type="module"),)

    def __init__(self, on: str, author: Actor, catalogue: Catalogue, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.on, self.author, self.catalogue = on, author, catalogue
        self.errors: dict[str, Any] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The posted rows, else a tree posted as JSON under the plain name, else None."""
        return from_post(data, name) or data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-match" not in data and name not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-match" if id_ else ""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        root = value.root if isinstance(value, Draft) else from_tree(_loaded(value))
        return render_to_string(
            "conditions/editor.html", _Drawing(self, name).context(root, {**self.attrs, **(attrs or {})})
        )


class _Drawing:
    """One rendering; each field's options are read once."""

    def __init__(self, widget: ConditionWidget, name: str) -> None:
        self.widget, self.name = widget, name
        self.paths = {path.key: path for path in widget.catalogue.paths(widget.on, widget.author)}
        self._options: dict[Field, list[tuple[str, Any]]] = {}
        self.errors = {_place(path): message for path, message in widget.errors.items()}

    def context(self, root: Block, attrs: dict[str, Any]) -> dict[str, Any]:
        families = {_family(path.field): path.field for path in self.paths.values()}
        return {
            "name": self.name,
            "id": attrs.get("id", ""),
            "described_by": attrs.get("aria-describedby", ""),
            "root": self.block(root, ""),
            "blank_row": {"name": "__name__", "place": "__place__", "choices": self.choices(""), "control": "nothing"},
            "blank_group": {
                "name": "__name__",
                "place": "__place__",
                "matches": self.matches("any"),
                "items": [],
                "nested": True,
            },
            "operators": {family: self.operators(field) for family, field in families.items()},
            "options": {key: self.options(path.field) for key, path in self.paths.items() if path.field.has_options},
            "controls": self.controls(families),
        }

    def controls(self, families: dict[str, Field]) -> dict[str, dict[str, Any]]:
        found = {"nothing": {"control": "nothing"}}
        for field in families.values():
            for operator in operators_for(field).values():
                kind = control_for(field, operator)
                found[kind] = {"control": kind, "name": "__name__", "units": units_for(field.type), "unit": "days"}
        return found

    def block(self, block: Block, place: str) -> dict[str, Any]:
        places = [f"{place}-{n}" if place else str(n) for n in range(len(block.items))]
        return {
            "name": f"{self.name}-{place}" if place else self.name,
            "place": place,
            "matches": self.matches(block.match),
            "nested": bool(place),
            "error": self.errors.get(place, "") if place else "",
            "items": [
                self.block(item, where) if isinstance(item, Block) else self.row(item, where)
                for item, where in zip(block.items, places, strict=True)
            ],
        }

    def row(self, row: Row, place: str) -> dict[str, Any]:
        path = self.paths.get(row.key)
        drawn = {
            "is_row": True,
            "name": f"{self.name}-{place}",
            "place": place,
            "choices": self.choices(row.key),
            "label": path.label if path else "",
            "control": "nothing",
            "error": self.errors.get(place, ""),
        }
        if path is None:
            return drawn
        operators = operators_for(path.field)
        operator = operators.get(row.op) or next(iter(operators.values()))
        return drawn | {
            "help": path.field.help,
            "operators": self.operators(path.field, operator.key),
            "control": control_for(path.field, operator),
            "options": self.options(path.field),
            "values": row.values,
            "value": _joined(row.values),
            "second": row.second,
            "units": units_for(path.field.type),
            "unit": row.unit if row.unit in UNITS else "days",
        }

    def matches(self, chosen: str) -> list[tuple[str, Any, bool]]:
        return [(key, label, key == chosen) for key, label in _MATCHES.items() if key != "not_all" or chosen == key]

    def operators(self, field: Field, chosen: str = "") -> list[dict[str, Any]]:
        return [
            {"key": key, "label": each.label, "control": control_for(field, each), "chosen": key == chosen}
            for key, each in operators_for(field).items()
        ]

    def choices(self, chosen: str) -> list[tuple[str, list[dict[str, Any]]]]:
        """Fields by the record they belong to, the record's own first."""
        grouped = groupby(self.paths.values(), key=self._origin)
        return [(origin, [self._choice(path, chosen) for path in paths]) for origin, paths in grouped]

    def _origin(self, path: Path) -> str:
        if not path.steps:
            kind = kinds.get(self.widget.on)  # None for what is no stored record, such as the answers of a form
            return str(kind.label) if kind else ""
        return " · ".join(str(step.title) for step in path.steps)

    def _choice(self, path: Path, chosen: str) -> dict[str, Any]:
        return {"key": path.key, "label": path.label, "family": _family(path.field), "chosen": path.key == chosen}

    def options(self, field: Field) -> list[tuple[str, Any]]:
        if field not in self._options:
            self._options[field] = [(key, label) for key, (_v, label) in field.options(self.widget.author).items()]
        return self._options[field]


def _joined(values: list[str]) -> str:
    return ", ".join(values)


def _place(path: str) -> str:
    """The row of the form that a path of the tree names: "all.1.not.any.0" → "1-0"."""
    return "-".join(step for step in path.split(".") if step.isdigit())


def _loaded(value: Any) -> Any:
    """A tree from its JSON text; None for what is no JSON. Raises nothing for hostile text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if len(value) <= MAX_JSON else None
    except (ValueError, RecursionError):
        return None


class ConditionFormField(forms.Field):
    """A condition over records of kind `on`; cleans to the tree to store.

    author: whose fields and values are offered; until it is set, only what needs no permission.
    required: at least one row.
    """

    default_error_messages = {
        "required": gettext_lazy("Add at least one condition."),
        "editing": gettext_lazy("The rows have changed. Check the conditions, then save."),
        "no_tree": gettext_lazy("This is not a condition of a known version."),
    }

    def __init__(
        self, *, on: str, author: Actor | None = None, catalogue: Catalogue = CATALOGUE, **kwargs: Any
    ) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("initial", trees.empty)
        self.on, self.catalogue = on, catalogue
        self._author = author or Actor.guest()
        super().__init__(widget=ConditionWidget(on, self._author, catalogue), **kwargs)

    @property
    def author(self) -> Actor:
        return self._author

    @author.setter
    def author(self, actor: Actor) -> None:
        self._author = self.widget.author = actor

    def clean(self, value: Any) -> dict[str, Any]:
        """The checked tree. Raises `ValidationError`; the widget then marks the row it is about."""
        self.widget.errors = {}
        if isinstance(value, Draft):
            if value.editing:
                raise ValidationError(self.error_messages["editing"], code="editing")
            value = value.tree({path.key: path for path in self.catalogue.paths(self.on, self._author)})
        tree = trees.empty() if value in self.empty_values else _loaded(value)
        if tree is None:
            raise ValidationError(self.error_messages["no_tree"], code="no_tree")
        try:
            condition = parse(tree, self.on, self._author, catalogue=self.catalogue)
        except Invalid as error:
            self.widget.errors = error.fields
            raise ValidationError(_("Conditions: %(problem)s") % {"problem": error.message}, code="invalid") from None
        if self.required and condition.always:
            raise ValidationError(self.error_messages["required"], code="required")
        return condition.tree

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        if isinstance(data, Draft):
            data = data.tree({path.key: path for path in self.catalogue.paths(self.on, self._author)})
        return self._canonical(initial) != self._canonical(data)

    def _canonical(self, value: Any) -> Any:
        try:
            return parse(_loaded(value) or trees.empty(), self.on, self._author, catalogue=self.catalogue).tree
        except Invalid:
            return value
