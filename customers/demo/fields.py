"""The demo's own fields of customers, orders and equipment, and what is written in them."""

from __future__ import annotations

from random import Random
from typing import Any

from crm.core.demo import DemoContext
from crm.core.sockets import kinds
from crm.fields import catalogue
from crm.fields.models import CustomField, Tag, Tagging

from ..models import Customer, Equipment, Order

#: kind, key, type, English, Chinese, options (value, English, Chinese).
FIELDS: tuple[tuple[str, str, str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "customer", "payment_terms", "choice", "Payment terms", "付款方式",
        (("prepaid", "Prepaid", "预付"), ("days30", "30 days", "30 天"), ("days60", "60 days", "60 天")),
    ),
    ("customer", "contract_number", "text", "Contract number", "合同编号", ()),
    ("order", "gift", "boolean", "Wrapped as a gift", "礼品包装", ()),
    ("equipment", "firmware", "text", "Firmware", "固件版本", ()),
)  # fmt: skip
ANSWERED = 400


def make_fields(context: DemoContext) -> None:
    """Fields that are columns of the lists, answered on some records."""
    for order, (kind, key, type_, english, chinese, options) in enumerate(FIELDS):
        CustomField.objects.create(
            kind=kinds[kind].code, key=key, type=type_, name={"en": english, "zh-hans": chinese}, order=order,
            options=[{"value": value, "en": en, "zh-hans": zh} for value, en, zh in options], is_listed=True,
        )  # fmt: skip
    catalogue.changed()
    rng = context.rng("customers.fields")
    _tag(rng)
    terms = ("prepaid", "days30", "days60")
    _answer(Customer, lambda row: {"payment_terms": rng.choice(terms), "contract_number": f"HT-{row.pk:05}"})
    _answer(Order, lambda row: {"gift": rng.random() < 0.1})
    _answer(Equipment, lambda row: {"firmware": f"{rng.randint(2, 4)}.{rng.randint(0, 9)}.{rng.randint(0, 20)}"})


def _tag(rng: Random) -> None:
    """Words on customers, some of them on several."""
    code = kinds["customer"].code
    tags = [
        Tag.objects.create(kind=code, name=name, tone=tone)
        for name, tone in (("VIP", "special"), ("Fair 2026", "info"), ("展会", "info"), ("Slow payer", "caution"))
    ]
    ids = Customer.objects.external().order_by("-pk").values_list("pk", flat=True)[:ANSWERED]
    rows = [Tagging(tag=tag, kind=code, object_id=pk) for pk in ids for tag in tags if rng.random() < 0.12]
    Tagging.objects.bulk_create(rows, batch_size=500)


def _answer(model: Any, answers: Any) -> None:
    rows = list(model.objects.order_by("-pk").only("pk", "custom")[:ANSWERED])
    for row in rows:
        row.custom = answers(row)
    model.objects.bulk_update(rows, ["custom"], batch_size=500)
