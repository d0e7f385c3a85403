"""The editor of blocks: one part of a form, which keeps no state but what the form sends.

Adding, moving, copying and removing are submit buttons: the form comes back with the change and everything that was
typed. Nothing is stored before the caller's own button saves.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from crm.core.actor import Actor

from . import merge
from .content import MOST, VERSION
from .declarations import BlockType, block_types
from .values import UPLOAD, Items, Picture, Place, Value

#: Names of the editor's own fields and buttons.
ORDER, COMMAND = "block", "block_op"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a block's form: one value, or one item of several. is_open: whether it is shown unfolded."""

    label: str
    fields: list[forms.BoundField]
    is_item: bool = False
    is_open: bool = True


class BlockForm(forms.Form):
    """The values of one block."""

    def __init__(self, block_id: str, entry: BlockType, place: Place, **kwargs: Any):
        super().__init__(prefix=f"b-{block_id}", **kwargs)
        self.block_id, self.entry = block_id, entry
        for value in entry.values:
            self.fields.update(value.fields(place))

    @property
    def order_key(self) -> str:
        """What the hidden field of the order holds."""
        return f"{self.block_id}:{self.entry.key}"

    def rows(self) -> list[Row]:
        """The form in the order of its values; items that are empty are folded."""
        found: list[Row] = []
        for value in self.entry.values:
            if not isinstance(value, Items):
                found.append(Row("", [self[name] for name in (value.key, value.key + UPLOAD) if name in self.fields]))
                continue
            for number in range(value.most):
                fields = [self[value.name(number, one)] for one in value.values]
                is_filled = any(_is_filled(field.value()) for field in fields)
                label = _("%(label)s %(number)s") % {"label": value.label, "number": number + 1}
                found.append(Row(label, fields, True, is_filled or number == 0))
        return found

    def summary(self) -> str:
        """The first words of the block, by which its author knows it."""
        for name in self.fields:
            value = self[name].value()
            texts = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
            text = next((text for text in texts if isinstance(text, str) and text and " " in text.strip()), "")
            if text:
                return text[:60]
        return ""

    def stored(self) -> dict[str, Any] | None:
        """What is kept, or None after noting what is wrong with items."""
        kept: dict[str, Any] = {}
        for value in self.entry.values:
            try:
                kept[value.key] = value.stored(self.cleaned_data)
            except ValidationError as error:
                first = next(name for name in self.fields if name.startswith(value.key))
                self.add_error(first, error)
                return None
        return kept


class BlockEditor:
    """The blocks of one page or mail as forms. `BlockEditor(content, place)` shows; `BlockEditor.sent(…)` reads back.

    After reading: `command` is the button of the editor that was pressed, "" for the caller's own; `is_valid()` checks,
    then `content` is what may be stored.
    """

    def __init__(self, content: Mapping[str, Any] | None, place: Place):
        self.place = place
        self.command = self.focus = self.status = ""
        self.forms: list[BlockForm] = []
        self._sent: QueryDict = QueryDict(mutable=True)
        self._refused: list[tuple[BlockForm, str, ValidationError]] = []
        self._kept: list[dict[str, Any]] = []
        for block in (content or {}).get("blocks", ()):
            entry = block_types.get(block["type"])
            if entry is not None:
                self.forms.append(self._unbound(block["id"], entry, _initial(entry, block["values"])))

    @classmethod
    def sent(
        cls, data: QueryDict, files: MultiValueDict[str, Any] | None, place: Place, *, actor: Actor | None = None
    ) -> BlockEditor:
        """Reads a form. New pictures are put on the shelf at once, by the actor, so that no button loses them."""
        editor = cls(None, place)
        editor.command = data.get(COMMAND, "")[:60]
        data = data.copy()
        refused: list[tuple[BlockForm, str, ValidationError]] = []
        found: list[tuple[str, BlockType]] = []
        for key in data.getlist(ORDER)[: MOST + 1]:
            block_id, _colon, type_key = key.partition(":")
            entry = block_types.get(type_key)
            if entry is not None and block_id.isalnum() and block_id not in {one for one, _entry in found}:
                found.append((block_id, entry))
        for block_id, entry in found:
            wrong = editor._keep_pictures(block_id, entry, data, files, actor)
            form = BlockForm(block_id, entry, place, data=data)
            editor.forms.append(form)
            refused += [(form, name, error) for name, error in wrong]
        editor._sent, editor._refused = data, refused
        if editor.command:
            editor._carry_out()
        return editor

    @classmethod
    def seen(cls, data: QueryDict, place: Place) -> dict[str, Any]:
        """The blocks of a form that are right as they are, for a preview while somebody types; no button is pressed."""
        data = data.copy()
        data.pop(COMMAND, None)
        return cls.sent(data, None, place).good_content

    def is_valid(self) -> bool:
        """Whether every block may be stored as it is; the forms then show what is wrong."""
        good = [form.is_valid() for form in self.forms]
        for form, name, error in self._refused:
            form.add_error(name, error)
        kept = [form.stored() if is_good else None for form, is_good in zip(self.forms, good, strict=True)]
        self._kept = [
            {"id": form.block_id, "type": form.entry.key, "values": values}
            for form, values in zip(self.forms, kept, strict=True)
            if values is not None
        ]
        return len(self._kept) == len(self.forms) and not self._refused and len(self.forms) <= MOST

    @property
    def content(self) -> dict[str, Any]:
        """What may be stored, after `is_valid`."""
        return {"v": VERSION, "blocks": self._kept}

    @property
    def good_content(self) -> dict[str, Any]:
        """The blocks that are right as they are, for a preview while somebody types."""
        self.is_valid()
        return self.content

    @cached_property
    def offers(self) -> list[BlockType]:
        """What can be added here."""
        return [entry for entry in block_types.in_use() if entry.stands_in(self.place.medium)]

    @cached_property
    def words(self) -> list[Any]:
        """The merge fields that can be written here."""
        return merge.offered(self.place.roots)

    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the field, what it is called, what is wrong), for the summary above the form."""
        return [
            (form[name].auto_id if name in form.fields else "", f"{form.entry.label}: {form[name].label}", str(message))
            for form in self.forms
            if form.is_bound
            for name, messages in form.errors.items()
            if name in form.fields
            for message in messages
        ]

    def _unbound(self, block_id: str, entry: BlockType, initial: dict[str, Any]) -> BlockForm:
        return BlockForm(block_id, entry, self.place, initial=initial)

    def _keep_pictures(
        self,
        block_id: str,
        entry: BlockType,
        data: QueryDict,
        files: MultiValueDict[str, Any] | None,
        actor: Actor | None,
    ) -> list[tuple[str, ValidationError]]:
        wrong: list[tuple[str, ValidationError]] = []
        for value in entry.values:
            name = f"b-{block_id}-{value.key}"
            file = files.get(name + UPLOAD) if files else None
            if isinstance(value, Picture) and file is not None and self.place.shelf is not None and actor is not None:
                try:
                    data[name] = self.place.shelf.add(actor, file)
                except ValidationError as error:
                    wrong.append((value.key + UPLOAD, error))
        return wrong

    def _carry_out(self) -> None:
        """Does what the pressed button says, and shows everything as it was typed, unchecked."""
        shown = [self._unbound(form.block_id, form.entry, _typed(form)) for form in self.forms]
        verb, _colon, target = self.command.partition(":")
        at = next((number for number, form in enumerate(shown) if form.block_id == target), None)
        self.forms = shown
        if verb == "add" and len(shown) < MOST:
            entry = block_types.offered(target)
            if entry is not None and entry.stands_in(self.place.medium):
                new = self._unbound(new_id(), entry, _initial(entry, {}))
                self._tell(shown, len(shown), new, _("“%(name)s” is added at the end.") % {"name": entry.label})
        elif at is None:
            return
        elif verb == "copy" and len(shown) < MOST:
            copy = self._unbound(new_id(), shown[at].entry, _typed(self._bound(shown[at])))
            self._tell(shown, at + 1, copy, _("The block is copied."))
        elif verb == "remove":
            gone = shown.pop(at)
            self.focus = shown[min(at, len(shown) - 1)].block_id if shown else ""
            self.status = _("“%(name)s” is removed. It is gone for good once you save.") % {"name": gone.entry.label}
        elif verb in {"up", "down"}:
            to = max(0, min(len(shown) - 1, at + (1 if verb == "down" else -1)))
            moved = shown.pop(at)
            place = _("The block stands at %(number)s of %(count)s.") % {"number": to + 1, "count": len(shown) + 1}
            self._tell(shown, to, moved, place)

    def _tell(self, shown: list[BlockForm], at: int, form: BlockForm, status: str) -> None:
        shown.insert(at, form)
        self.focus, self.status = form.block_id, status

    def _bound(self, form: BlockForm) -> BlockForm:
        return BlockForm(form.block_id, form.entry, self.place, data=self._sent)


def new_id() -> str:
    """An id for a new block."""
    return secrets.token_hex(4)


def _initial(entry: BlockType, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value in entry.values:
        stored = values.get(value.key)
        found |= _shown_of(value, value.default if stored is None else stored)
    return found


def _shown_of(value: Value, stored: Any) -> dict[str, Any]:
    try:
        return value.initial(stored)
    except ValidationError:
        return value.initial(None)


def _typed(form: BlockForm) -> dict[str, Any]:
    """What the form's fields hold, unchecked, as a fresh form shows it."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
        if not isinstance(field, forms.FileField)
    }


def _is_filled(value: Any) -> bool:
    return any(value) if isinstance(value, list) else bool(value)
