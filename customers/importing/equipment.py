"""Equipment from a file: one row each, known by the serial number, at a customer that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.fields.forms import PREFIX

from .. import actions
from ..actions.equipment import save_devices
from ..actions.withdrawing import withdraw_equipment
from ..choices import EquipmentState
from ..models import Customer, Equipment, Product
from .kept import former, saved_many
from .known import lookup, owner_of, set_customers
from .naming import CUSTOMER

FIELDS = ("product", "name", "serial_number", "place", "installed_on", "warranty_until", "state", "custom")
PLAIN = FIELDS[:-1]

COLUMNS = (
    ImportColumn("serial_number", gettext_lazy("Serial number"), cells.text(80), required=True, example="SN-2026-0001",
                 aliases=("serial", "sn", "s/n", "序列号", "设备序列号", "出厂编号", "机身号")),
    *CUSTOMER,
    ImportColumn("product", gettext_lazy("Product code"), cells.text(40), example="P-1001",
                 aliases=("product", "sku", "产品编码", "商品编码", "产品", "编码")),
    ImportColumn("device", gettext_lazy("Equipment"), cells.text(120), example="标签打印机",
                 aliases=("name", "device name", "equipment name", "名称", "设备", "设备名称", "型号")),
    ImportColumn("place", gettext_lazy("Place"), cells.text(200), aliases=("location", "安装地点", "位置", "地点")),
    ImportColumn("installed_on", gettext_lazy("Installed on"), cells.day, example="2026-03-31",
                 aliases=("installed", "installation date", "安装日期", "启用日期")),
    ImportColumn("warranty_until", gettext_lazy("Warranty until"), cells.day, example="2029-03-30",
                 aliases=("warranty", "warranty end", "保修截止", "保修到期", "质保到期", "保修期至")),
    ImportColumn("state", gettext_lazy("State"), cells.choice(EquipmentState), aliases=("status", "状态", "设备状态")),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    return {"serial_number": line.values.get("serial_number", "").casefold()}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """Customer, product, and the device of that serial number, also one that is not the actor's to change."""
    set_customers(actor, entries)
    lookup(Product, entries, "product", "code", lambda: _("No product has this code. Import the products first"))
    numbers = {entry.line.values["serial_number"] for entry in entries}
    rows = Equipment.objects.filter(serial_number__in=numbers).select_related("customer__owner")
    found = {row.serial_number: row for row in rows}
    mine = Customer.objects.visible_to(actor).filter(pk__in=[row.customer_id for row in found.values()])
    visible = set(mine.values_list("pk", flat=True))
    for entry in entries:
        line, row = entry.line, found.get(entry.line.values["serial_number"])
        if row is None:
            if "product" not in line.values and "device" not in line.values and not line.wrong:
                line.wrong["device"] = _("Write the name of the equipment, or a product code")
            continue
        if row.customer_id not in visible:
            entry.owned_by = owner_of(row.customer)
        elif "customer" in entry.refs and row.customer_id != entry.refs["customer"].pk:
            line.wrong["serial_number"] = _("Stands at another customer: %(name)s") % {"name": row.customer.name}
        else:
            entry.found, entry.reason = row, _("same serial number")


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """By `save_devices`."""
    return saved_many(entries, FIELDS, lambda some: save_devices(actor=actor, rows=[_row(entry) for entry in some]))


def _row(entry: Entry) -> tuple[Customer, Any, dict[str, Any]]:
    given = entry.line.values
    values: dict[str, Any] = {key: given[key] for key in given if key in PLAIN or key.startswith(PREFIX)}
    values.pop("name", None)  # the column of that key names the customer
    if "device" in given:
        values["name"] = given["device"]
    return entry.refs["customer"], entry.found, values


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """Deletes what was made, puts back what was changed. Raises `Conflict`, `NotReady`."""
    if "made" in memory:
        withdraw_equipment(actor=actor, pk=memory["made"], kept=memory["image"])
        return
    record, values = former(Equipment, memory)
    actions.save_equipment(actor=actor, customer=record.customer, values=values, record=record)


IMPORTER = Importer(
    key="equipment",
    kind="equipment",
    label=gettext_lazy("Equipment"),
    permission="orders.manage",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    known_by=gettext_lazy("serial number"),
    summary=gettext_lazy("A row is a device at a customer that exists, known by its serial number."),
    icon="tool",
    order=40,
)
