"""Tags as a whole set: what is missing is put on, what is not named comes off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.activity.recording import kind_of
from crm.core import names
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.fields.tag_actions import add_tag, remove_tag
from crm.fields.tags import tags_on


def set_tags(actor: Actor, record: Any, wanted: Sequence[str] | None) -> None:
    """Makes these the record's tags; None leaves them as they are. Raises `Invalid` under "tags", `NotAllowed`."""
    if wanted is None:
        return
    present = {tag.name_key: tag for tag in tags_on(kind_of(record).key, record.pk)}
    keys = {names.fold(name.strip())[:60] for name in wanted}
    for key, tag in present.items():
        if key not in keys:
            remove_tag(actor=actor, record=record, tag=tag)
    for name in wanted:
        if names.fold(name.strip())[:60] not in present:
            try:
                add_tag(actor=actor, record=record, name=name)
            except Invalid as error:
                raise Invalid(
                    error.message, fields={"tags": next(iter(error.fields.values()), error.message)}
                ) from None
