"""Custom fields in legal states, made by the action."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.core.translated import Translated
from crm.fields.actions import save_custom_field
from crm.fields.models import CustomField

_numbers = itertools.count(1)
COLOURS = [
    {"value": "red", "en": "Red", "zh-hans": "红色"},
    {"value": "green", "en": "Green", "zh-hans": "绿色"},
    {"value": "blue", "en": "Blue", "zh-hans": "蓝色"},
]


def make_field(type: str = "text", key: str = "", *, kind: str = "ticket", **values: Any) -> CustomField:
    """A listed field of tickets, its choices red, green and blue."""
    key = key or f"field_{next(_numbers)}"
    name = Translated({"en": key.replace("_", " ").capitalize(), "zh-hans": f"字段 {key}"})
    options = {"options": COLOURS} if type in {"choice", "many_choice"} else {}
    given = {"kind": kinds[kind].code, "key": key, "name": name, "type": type, **options, **values}
    return save_custom_field(actor=Actor.system(), values=given)
