"""What every kind of record with tags gets: a block on its page, and two actions for many of its list's rows.

Here and not in `panels.py`, because kinds of records with tags are declared in `fields.py`, which is read later.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.sockets import Panel, panels
from crm.fields.tag_actions import add_tag, remove_tag
from crm.fields.tags import TagKind, tag_kinds, tags_of_kind, tags_on

from .lists import BulkAction, bulk_actions, lists

#: Words offered while typing.
OFFERED = 200


class TagForm(forms.Form):
    name = forms.CharField(label=_("Tag"), max_length=40)


def tags_block(kind: TagKind, actor: Actor, record: Any) -> dict[str, Any]:
    """The record's tags and, for who may change them, the words there are. Two queries."""
    may_change = actor.can(kind.change)
    return {
        "tags": tags_on(kind.key, record.pk),
        "known": list(tags_of_kind(kind.key).values_list("name", flat=True)[:OFFERED]) if may_change else [],
        "may_change": may_change,
        "kind": kind.key,
        "pk": record.pk,
    }


def _add(actor: Actor, row: Any, values: dict[str, Any]) -> None:
    add_tag(actor=actor, record=row, name=values["name"])


def _remove(kind: TagKind, actor: Actor, row: Any, values: dict[str, Any]) -> None:
    tag = next((tag for tag in tags_on(kind.key, row.pk) if tag.name.casefold() == values["name"].casefold()), None)
    if tag is None:
        raise NotFound(_("It does not carry this tag."))
    remove_tag(actor=actor, record=row, tag=tag)


for entry in tag_kinds:
    panels.register(
        Panel(
            f"ui.tags_{entry.key}", entry.key, _("Tags"), "ui/generic/partials/_tags.html", partial(tags_block, entry),
            entry.view, order=1, queries=3,
        )
    )  # fmt: skip
    if entry.key in lists:
        take_off = partial(_remove, entry)
        bulk_actions.register(
            BulkAction("tag", entry.key, _("Add a tag"), _add, "tag", entry.change, TagForm, order=80),
            BulkAction("untag", entry.key, _("Remove a tag"), take_off, "tag", entry.change, TagForm, order=81),
        )
