"""Products from a file: one row each, known by the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.core import money
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.translated import Translated
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Reading, Written
from crm.fields.forms import PREFIX

from .. import actions
from ..actions.products import save_products
from ..actions.withdrawing import withdraw_product
from ..choices import ProductKind
from ..models import Product, ProductCategory
from .kept import former, saved_many

FIELDS = ("code", "name", "kind", "category", "unit", "price", "currency", "tax_percent", "tax_included",
          "repurchase_days", "is_active", "custom")  # fmt: skip
PLAIN = ("code", "kind", "category", "price", "currency", "tax_percent", "tax_included", "repurchase_days", "is_active")


def currency(cell: str, reading: Reading) -> str:
    """A code such as CNY, or a sign or name of it. Raises `Invalid`."""
    code = {"元": "CNY", "人民币": "CNY", "RMB": "CNY", "¥": "CNY", "￥": "CNY", "$": "USD", "€": "EUR"}.get(
        cell.strip().upper(), cell.strip().upper()
    )
    if code not in money.SIGNS:
        raise Invalid(_("Not in the list. Write one of: %(labels)s") % {"labels": ", ".join(money.SIGNS)})
    return code


COLUMNS = (
    ImportColumn("code", gettext_lazy("Code"), cells.text(40), required=True, example="P-1001",
                 aliases=("product code", "sku", "item no", "编码", "产品编码", "商品编码", "货号", "编号")),
    ImportColumn("name", gettext_lazy("Name"), cells.text(120), required=True, example="标签打印机",
                 aliases=("product", "product name", "item", "名称", "产品名称", "商品名称", "品名")),
    ImportColumn("name_en", gettext_lazy("Name in English"), cells.text(120),
                 aliases=("english name", "英文名称", "英文名"),
                 example="Label printer"),
    ImportColumn("kind", gettext_lazy("Kind"), cells.choice(ProductKind, {"实物": "goods", "商品": "goods"}),
                 aliases=("type", "类型", "产品类型")),
    ImportColumn("category", gettext_lazy("Category"), cells.text(80), aliases=("分类", "类别", "产品分类", "商品分类"),
                 help=gettext_lazy("Name of a category that exists")),
    ImportColumn("unit", gettext_lazy("Unit"), cells.text(20),
                 aliases=("unit of measure", "单位", "计量单位"), example="台"),
    ImportColumn("price", gettext_lazy("Price"), cells.number(digits=14, decimals=2), required=True, example="1280.00",
                 aliases=("unit price", "list price", "价格", "单价", "售价", "标价")),
    ImportColumn("currency", gettext_lazy("Currency"), currency, aliases=("币种", "货币"), example="CNY"),
    ImportColumn("tax_percent", gettext_lazy("Tax (%)"), cells.number(digits=5, decimals=2),
                 aliases=("tax", "tax rate", "vat", "税率", "税率(%)"), example="13"),
    ImportColumn("tax_included", gettext_lazy("Price holds the tax"), cells.yes_no,
                 aliases=("tax included", "含税", "是否含税")),
    ImportColumn("repurchase_days", gettext_lazy("Needed again after (days)"), cells.whole(1, 32767),
                 aliases=("复购周期", "复购天数", "复购周期(天)")),
    ImportColumn("is_active", gettext_lazy("Active"), cells.yes_no, aliases=("启用", "在售", "是否在售", "是否启用")),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    return {"code": line.values.get("code", "").casefold()}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """The product of that code, and the category by its name in any language."""
    codes = {line.values["code"] for entry in entries for line in entry.lines}
    found = {row.code: row for row in Product.objects.filter(code__in=codes)}
    shelves = {
        text.casefold(): row for row in ProductCategory.objects.all() for text in row.name.values()
    } if any("category" in entry.line.values for entry in entries) else {}  # fmt: skip
    for entry in entries:
        values = entry.line.values
        entry.found, entry.reason = found.get(values["code"]), _("same code")
        if isinstance(text := values.get("category"), str):
            if text.casefold() in shelves:
                values["category"] = shelves[text.casefold()]
            else:
                entry.line.wrong["category"] = _("No category has this name. Make it first")


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """By `save_products`; names and units are set in the language of whoever imports."""
    usual = Brand.default().currency
    return saved_many(
        entries, FIELDS, lambda some: save_products(actor=actor, rows=[_row(entry, usual) for entry in some])
    )


def _row(entry: Entry, usual: str) -> tuple[Product | None, dict[str, Any]]:
    """The product, None for a new one, and its values. usual: the currency of a new one that names none."""
    given = entry.line.values
    found: Product | None = entry.found  # type: ignore[assignment]
    values: dict[str, Any] = {key: given[key] for key in given if key in PLAIN or key.startswith(PREFIX)}
    language = get_language() or "en"
    name = dict(found.name) if found else {}
    name[language] = given["name"]
    if "name_en" in given:
        name["en"] = given["name_en"]
    values["name"] = Translated(name)
    if "unit" in given:
        values["unit"] = Translated({**(dict(found.unit) if found else {}), language: given["unit"]})
    if found is None:
        values.setdefault("currency", usual)
    return found, values


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """Deletes what was made, puts back what was changed. Raises `Conflict`, `NotReady`."""
    if "made" in memory:
        withdraw_product(actor=actor, pk=memory["made"], kept=memory["image"])
        return
    record, values = former(Product, memory)
    for name in {"name", "unit"} & set(values):
        values[name] = Translated(values[name])
    actions.save_product(actor=actor, values=values, record=record)


IMPORTER = Importer(
    key="product",
    kind="product",
    label=gettext_lazy("Products"),
    permission="orders.catalogue",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    known_by=gettext_lazy("code"),
    summary=gettext_lazy("A row is a product, known by its code."),
    icon="product",
    order=20,
)
