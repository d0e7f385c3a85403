"""What several settings of sales have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.conditions.language import parse
from crm.core.actor import Actor


def with_condition(actor: Actor, values: Mapping[str, Any], *, on: str) -> dict[str, Any]:
    """The values with their `condition` checked for records of the kind `on`; {} for all of them. Raises `Invalid`."""
    values = dict(values)
    if "condition" in values:
        checked = parse(values["condition"], on=on, author=actor) if values["condition"] else None
        values["condition"] = {} if checked is None or checked.always else checked.tree
    return values
