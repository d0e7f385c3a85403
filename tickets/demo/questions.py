"""What the demo's request types ask, and what its customers answered."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from crm.core.sockets import kinds
from crm.core.translated import Translated
from crm.fields.choices import FieldType
from crm.fields.models import CustomField

from ..choices import Preset, Required, Shown
from ..models import RequestType, RequestTypeQuestion

Both = tuple[str, str]


class Field(NamedTuple):
    """A custom field of tickets. options: value → English, 中文."""

    name: Both
    type: FieldType
    help: Both = ("", "")
    options: Mapping[str, Both] = MappingProxyType({})


class Ask(NamedTuple):
    """A question of a type. when: the earlier answer with which it is asked or needed."""

    key: str
    required: Required = Required.NEVER
    shown: Shown = Shown.ALWAYS
    when: tuple[str, Any] | None = None
    preset: str = ""


FIELDS = {
    "order_number": Field(("Order number", "订单编号"), FieldType.ORDER_NUMBER,
                          ("It stands in the confirmation, such as SO-2026-01234", "见订单确认邮件，如 SO-2026-01234")),
    "product": Field(("Product", "产品"), FieldType.TEXT),
    "return_reason": Field(("Reason", "原因"), FieldType.CHOICE, options={
        "damaged": ("It arrived damaged", "收到时已损坏"), "wrong": ("It is not what I ordered", "发错货"),
        "not_needed": ("I do not need it any more", "不再需要"), "other": ("Something else", "其他"),
    }),
    "damage_photo": Field(("Photo of the damage", "损坏照片"), FieldType.PHOTO,
                          ("One of the parcel and one of the damage help most", "最好各拍一张外包装和损坏处")),
    "parcel_number": Field(("Parcel number", "快递单号"), FieldType.TEXT),
    "carrier": Field(("Carrier", "快递公司"), FieldType.CHOICE, options={
        "sf": ("SF Express", "顺丰"), "yto": ("YTO Express", "圆通"), "jd": ("JD Logistics", "京东物流"),
        "dhl": ("DHL", "DHL"), "ups": ("UPS", "UPS"),
    }),
    "software_version": Field(("Software version", "软件版本"), FieldType.TEXT, ("Menu › About", "菜单 › 关于")),
    "since": Field(("Since when?", "从什么时候开始？"), FieldType.DATE),
    "screenshot": Field(("Screenshot", "截图"), FieldType.PHOTO),
    "room": Field(("Room", "房间号"), FieldType.ROOM),
    "persons": Field(("How many persons?", "几位？"), FieldType.NUMBER),
    "needed_on": Field(("For which night?", "哪一晚需要？"), FieldType.DATE),
    "building": Field(("Building", "楼栋"), FieldType.CHOICE, options={
        "a": ("Tower A", "A 座"), "b": ("Tower B", "B 座"), "annex": ("Annex", "附楼"),
    }),
    "device": Field(("Device", "设备编号"), FieldType.DEVICE, ("On the label beside the door", "见门旁标签")),
    "trapped": Field(("Is anybody trapped?", "有人被困吗？"), FieldType.BOOLEAN,
                     ("If so, press the alarm button in the lift and call the emergency number as well",
                      "如有人被困，请同时按下轿厢内的报警按钮并拨打应急电话")),
    "trapped_where": Field(("Between which floors, and how many people?", "被困在哪两层之间？共几人？"),
                           FieldType.TEXT),
}  # fmt: skip

QUESTIONS = {
    "return": (
        Ask("order_number", Required.ALWAYS, preset=Preset.FILL), Ask("product"),
        Ask("return_reason", Required.ALWAYS),
        Ask("damage_photo", Required.WHEN, Shown.WHEN, ("return_reason", "damaged")),
    ),
    "parcel_question": (Ask("parcel_number", preset=Preset.FILL), Ask("carrier")),
    "software_fault": (Ask("software_version", Required.ALWAYS), Ask("since"), Ask("screenshot")),
    "extra_bed": (
        Ask("room", Required.ALWAYS, preset=Preset.LOCK), Ask("persons", Required.ALWAYS),
        Ask("needed_on", Required.ALWAYS),
    ),
    "lift_repair": (
        Ask("building", Required.ALWAYS, preset=Preset.LOCK), Ask("device", Required.ALWAYS, preset=Preset.LOCK),
        Ask("trapped", Required.ALWAYS), Ask("trapped_where", Required.WHEN, Shown.WHEN, ("trapped", True)),
    ),
    "it_help": (Ask("device", preset=Preset.FILL), Ask("room"), Ask("screenshot")),
    "complaint": (Ask("order_number"),),
    "suggestion": (Ask("product"),),
}  # fmt: skip


def make_questions(types: dict[str, RequestType]) -> None:
    """The custom fields of tickets, and which type asks them."""
    fields = {
        key: CustomField.objects.create(
            kind=kinds["ticket"].code,
            key=key,
            name=both(entry.name),
            help=both(entry.help) if entry.help[0] else Translated(),
            type=entry.type,
            options=[{"value": value, "en": en, "zh-hans": zh} for value, (en, zh) in entry.options.items()],
            order=order,
        )
        for order, (key, entry) in enumerate(FIELDS.items())
    }
    for type_key, asked in QUESTIONS.items():
        for order, ask in enumerate(asked):
            RequestTypeQuestion.objects.create(
                request_type=types[type_key], field=fields[ask.key], order=order, required=ask.required,
                shown=ask.shown, preset=ask.preset, condition=_condition(ask),
            )  # fmt: skip


def answers_of(type_key: str, rng: random.Random, slots: dict[str, str], at: dt.datetime) -> dict[str, Any]:
    """What a customer of the demo answered, in the form in which a ticket stores it."""
    day = at.date()
    if type_key == "return":
        reason = rng.choice(("wrong", "not_needed", "other"))
        return {"order_number": slots["order"], "product": slots["product"], "return_reason": reason}
    if type_key == "parcel_question":
        return {"parcel_number": slots["parcel"], "carrier": rng.choice(("sf", "yto", "jd", "dhl", "ups"))}
    if type_key == "software_fault":
        since = day - dt.timedelta(days=rng.randint(0, 9))
        return {"software_version": slots["version"], "since": since.isoformat()}
    if type_key == "extra_bed":
        night = day + dt.timedelta(days=rng.randint(0, 4))
        return {"room": slots["room"], "persons": rng.randint(1, 2), "needed_on": night.isoformat()}
    if type_key == "lift_repair":
        return {"building": rng.choice(("a", "b", "annex")), "device": slots["lift"], "trapped": False}
    if type_key == "complaint":
        return {"order_number": slots["order"]} if rng.random() < 0.6 else {}
    if type_key == "suggestion":
        return {"product": slots["product"]} if rng.random() < 0.5 else {}
    return {}


def both(texts: Both) -> Translated:
    """English and Chinese as a translated text."""
    return Translated({"en": texts[0], "zh-hans": texts[1]})


def _condition(ask: Ask) -> dict[str, Any]:
    if ask.when is None:
        return {}
    key, value = ask.when
    return {"v": 1, "all": [{"field": f"answers.{key}", "op": "is", "value": value}]}
