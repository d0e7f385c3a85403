"""Orders from a file: each row a line, rows of one order number an order of a customer that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.exchange import cells
from crm.exchange.choices import Outcome
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.exchange.memory import images, plain, values_of
from crm.fields.forms import PREFIX

from .. import actions
from ..actions import NewLine
from ..actions.orders import Placed, place_orders
from ..actions.withdrawing import withdraw_order
from ..choices import OrderChannel, OrderStatus
from ..models import Customer, Order, OrderLine, Product
from .known import lookup, owner_of, set_customers
from .naming import CUSTOMER
from .products import currency

#: The shop that orders from a file are said to come from, unless the file names another.
SOURCE = "file"
FACTS = ("channel", "status", "placed_at", "currency", "ship_to", "note", "paid", "paid_at")
IMAGE = (*FACTS, "customer", "gross", "refunded", "custom")
LINE = ("product", "name", "quantity", "unit_price", "discount_percent", "tax_percent")

COLUMNS = (
    ImportColumn("order_number", gettext_lazy("Order number"), cells.text(80), required=True, example="WEB-20260331-01",
                 aliases=("order", "order no", "order id", "订单号", "订单编号", "单号", "交易号")),
    *CUSTOMER,
    ImportColumn("source", gettext_lazy("Shop"), cells.text(40),
                 aliases=("source", "store", "店铺", "店铺名称", "来源", "平台"),
                 help=gettext_lazy("Order number and shop together name an order once")),
    ImportColumn("placed_at", gettext_lazy("Placed at"), cells.moment, example="2026-03-31 14:05",
                 aliases=("date", "order date", "ordered at", "下单时间", "订单时间", "下单日期", "日期")),
    ImportColumn("channel", gettext_lazy("Placed in"), cells.choice(OrderChannel, {"网店": "shop", "门店": "store"}),
                 aliases=("channel", "渠道", "下单渠道")),
    ImportColumn("status", gettext_lazy("Status"), cells.choice(OrderStatus),
                 aliases=("order status", "状态", "订单状态")),
    ImportColumn("currency", gettext_lazy("Currency"), currency, aliases=("币种", "货币"), example="CNY"),
    ImportColumn("ship_to", gettext_lazy("Ship to"), cells.text(400),
                 aliases=("shipping address", "收货地址", "送货地址")),
    ImportColumn("paid", gettext_lazy("Paid so far"), cells.number(digits=16, decimals=2),
                 aliases=("paid", "amount paid", "paid amount", "已付金额", "实付金额", "已付", "付款金额"),
                 help=gettext_lazy("Empty: nobody said; what is due follows from the status")),
    ImportColumn("paid_at", gettext_lazy("Paid at"), cells.moment,
                 aliases=("payment date", "paid on", "付款时间", "支付时间", "付款日期")),
    ImportColumn("note", gettext_lazy("Note"), cells.long_text(4000),
                 aliases=("remark", "备注", "订单备注", "买家留言")),
    ImportColumn("product", gettext_lazy("Product code"), cells.text(40), example="P-1001",
                 aliases=("sku", "product", "item no", "产品编码", "商品编码", "货号", "编码")),
    ImportColumn("line_name", gettext_lazy("Product name"), cells.text(160), example="标签打印机",
                 aliases=("item", "description", "商品", "商品名称", "产品名称", "品名")),
    ImportColumn("quantity", gettext_lazy("Quantity"), cells.number(digits=12, decimals=3, least=Decimal("0.001")),
                 aliases=("qty", "数量", "件数"), example="2"),
    ImportColumn("unit_price", gettext_lazy("Unit price"), cells.number(digits=14, decimals=4), required=True,
                 aliases=("price", "单价", "价格", "成交价"), example="1280.00"),
    ImportColumn("discount_percent", gettext_lazy("Discount (%)"), cells.number(digits=5, decimals=2),
                 aliases=("discount", "折扣", "折扣率")),
    ImportColumn("tax_percent", gettext_lazy("Tax (%)"), cells.number(digits=5, decimals=2),
                 aliases=("tax", "tax rate", "vat", "税率")),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    """Rows of one order number are one record already."""
    return {}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """Customer by the first row, products by code, and the order of that shop and number."""
    set_customers(actor, entries)
    lookup(Product, entries, "product", "code", lambda: _("No product has this code. Import the products first"))
    numbers = {entry.line.values["order_number"] for entry in entries}
    rows = Order.objects.filter(external_id__in=numbers).select_related("customer__owner")
    found = {(row.source, row.external_id): row for row in rows}
    mine = Customer.objects.visible_to(actor).filter(pk__in=[row.customer_id for row in found.values()])
    visible = set(mine.values_list("pk", flat=True))
    for entry in entries:
        for line in entry.lines:
            if "product" not in line.cells and "line_name" not in line.cells:
                line.wrong["line_name"] = _("Write a product code or a product name")
        values = entry.line.values
        row = found.get((values.get("source", SOURCE), values["order_number"]))
        if row is None:
            continue
        if row.customer_id not in visible:
            entry.owned_by = owner_of(row.customer)
        elif "customer" in entry.refs and row.customer_id != entry.refs["customer"].pk:
            entry.line.wrong["order_number"] = _("This order belongs to another customer")
        else:
            entry.found, entry.reason = row, _("same order number")


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """By `place_orders`, which knows an order of a shop again and changes nothing where nothing differs."""
    before = _images([entry.found for entry in entries if isinstance(entry.found, Order)])
    orders = place_orders(actor=actor, orders=[_placed(entry) for entry in entries])
    after = _images(orders)
    written = []
    for order in orders:
        was, now = before.get(order.pk), after[order.pk]
        if was is None:
            written.append(Written(Outcome.MADE, order, {"made": order.pk, "image": now["facts"]}))
        elif was == now:
            written.append(Written(Outcome.SKIPPED, order))
        else:
            written.append(Written(Outcome.CHANGED, order, {"changed": order.pk, "before": was, "after": now}))
    return written


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """Deletes an order that was made; one that was changed gets its former lines and facts. Raises `Conflict`."""
    if "made" in memory:
        withdraw_order(actor=actor, pk=memory["made"], kept=memory["image"])
        return
    order = Order.objects.filter(pk=memory["changed"]).first()
    if order is None or _images([order])[order.pk] != dict(memory["after"]):
        raise Conflict(_("Somebody changed it since"))
    before = memory["before"]
    custom, now = before["facts"]["custom"], order.custom
    actions.place_order(
        actor=actor,
        customer=order.customer,
        lines=[NewLine(**values_of(OrderLine, line)) for line in before["lines"]],
        values=values_of(Order, {name: before["facts"][name] for name in FACTS})
        | {PREFIX + key: custom.get(key) for key in {*custom, *now} if custom.get(key) != now.get(key)},
        source=order.source,
        external_id=order.external_id,
    )


def _placed(entry: Entry) -> Placed:
    values = entry.line.values
    return Placed(
        customer=entry.refs["customer"],
        lines=[_new_line(line) for line in entry.lines],
        values={key: values[key] for key in values if key in FACTS or key.startswith(PREFIX)},
        source=values.get("source", SOURCE),
        external_id=values["order_number"],
    )


def _new_line(line: Line) -> NewLine:
    values = line.values
    zero = Decimal(0)
    return NewLine(
        quantity=values.get("quantity", Decimal(1)), unit_price=values["unit_price"], product=values.get("product"),
        name=values.get("line_name", ""), discount_percent=values.get("discount_percent", zero),
        tax_percent=values.get("tax_percent", zero),
    )  # fmt: skip


def _images(orders: Sequence[Order]) -> dict[int, dict[str, Any]]:
    """Id → facts and lines of an order as JSON, in two looks."""
    lines: dict[int, list[dict[str, Any]]] = {order.pk: [] for order in orders}
    rows = OrderLine.objects.filter(order__in=list(lines)).order_by("position")
    for pk, *line in rows.values_list("order_id", "product_id", *LINE[1:]):
        lines[pk].append(dict(zip(LINE, map(plain, line), strict=True)))
    return {pk: {"facts": facts, "lines": lines[pk]} for pk, facts in images(orders, IMAGE).items()}


IMPORTER = Importer(
    key="order",
    kind="order",
    label=gettext_lazy("Orders"),
    permission="orders.manage",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    known_by=gettext_lazy("order number and shop"),
    group_by="order_number",
    summary=gettext_lazy("A row is a line; rows of one order number are one order of a customer that exists."),
    icon="order",
    order=30,
)
