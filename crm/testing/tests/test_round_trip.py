"""What a list exports can be imported again; custom fields are the same in lists, filters, conditions and files."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm.accounts.access import actor_for
from crm.conditions.language import CATALOGUE
from crm.core.actor import Actor
from crm.exchange import actions as exchange
from crm.exchange.declarations import importers
from crm.exchange.tests.builders import checked, csv_of, finished, imported, reasons, received, undone
from crm.fields.registry import custom_kinds
from crm.fields.tests.builders import make_field
from crm.testing.suites import staff
from crm.ui.generic.engine import rows_of_query
from crm.ui.generic.exports import columns_of, direct_file
from crm.ui.lists import lists
from customers.actions import save_equipment, save_product
from customers.models import Contact, Customer, Equipment, Product
from customers.tests.builders import make_customer
from sales.models import Lead, Opportunity
from sales.tests.deal_builders import make_deal
from sales.tests.lead_builders import make_lead

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
#: Signs that spreadsheets run, quote or cut, and what people really write.
NAMES = ("=1+1", '@云帆, "精密"', "-Acme; 有限公司", "'quoted", "Müller & Söhne 全角")
RIGHTS = (
    "exchange.use", "customers.view", "customers.create", "customers.update", "customers.import", "customers.reveal",
    "customers.export", "orders.view", "orders.manage", "orders.catalogue", "orders.export", "leads.view",
    "leads.create", "leads.update", "leads.import", "leads.assign", "leads.manage", "leads.export",
    "opportunities.view", "opportunities.create", "opportunities.update", "opportunities.import",
    "opportunities.export",
)  # fmt: skip


def customers() -> None:
    for number, name in enumerate(NAMES):
        make_customer(name, industry=NAMES[-number], custom_extra=NAMES[number], custom_when="2026-03-31")


def products() -> None:
    for number, name in enumerate(NAMES):
        values = {"code": f"P-{number}", "name": {"en": name, "zh-hans": name}, "price": Decimal("1280.50")}
        save_product(
            actor=SYSTEM, values={**values, "currency": "CNY", "custom_extra": name, "custom_when": "2026-03-31"}
        )


def leads() -> None:
    for number, name in enumerate(NAMES):
        values = {"name": name, "company": name, "email": "", "phone": f"1380000000{number}"}
        make_lead(**values, custom_extra=name, custom_when="2026-03-31")


def devices() -> None:
    customer = make_customer("Acme")
    for number, name in enumerate(NAMES):
        values = {"name": name, "serial_number": f"S{number}", "custom_extra": name, "custom_when": "2026-03-31"}
        save_equipment(actor=SYSTEM, customer=customer, values=values)


def deals() -> None:
    customer = make_customer("Acme")
    for name in NAMES:
        make_deal(customer, name=name, probability=35, custom_extra=name, custom_when="2026-03-31")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("kind", "model", "make"),
    [("customer", Customer, customers), ("product", Product, products), ("lead", Lead, leads),
     ("equipment", Equipment, devices), ("opportunity", Opportunity, deals)],
)  # fmt: skip
def test_what_is_exported_comes_in_again_and_changes_nothing(
    kind: str, model: Any, make: Callable[[], None], format: str
) -> None:
    make_field("text", key="extra", kind=kind, is_listed=True)
    make_field("date", key="when", kind=kind, is_listed=True)
    make()
    user = staff(*RIGHTS, timezone="Asia/Shanghai")
    actor = actor_for(user)
    before = values_of(model)
    file = exported(actor, kind, format)
    record = received(user, kind, io.BytesIO(file), f"export.{format}")
    assert {"custom_extra", "custom_when"} <= set(record.mapping.values())
    exchange.choose_columns(actor=actor, record=record, mapping=record.mapping, existing="update", date_order="day")
    record = finished(exchange.start_check(actor=actor, record=record))
    assert (record.wrong, record.made) == (0, 0), reasons(record)
    record = finished(exchange.start_run(actor=actor, record=record))
    assert record.skipped == len(before), reasons(record)
    assert values_of(model) == before


def values_of(model: Any) -> list[dict[str, Any]]:
    """Every column of every record but when it was last stored."""
    return [{**row, "updated_at": None} for row in model.objects.order_by("pk").values()]


def exported(actor: Actor, kind: str, format: str) -> bytes:
    """The file of a list with every column it has."""
    page = lists[kind]
    columns = columns_of(page, actor, [column.key for column in page.columns_for(actor)])
    file = direct_file(rows_of_query(page, actor, ""), columns, format)
    if format == "csv":
        assert not any(
            cell.lstrip('"')[:1] in {"=", "@"} for line in file.decode().splitlines() for cell in line.split(",")
        )
    return file


def test_custom_fields_are_the_same_everywhere_they_are_read() -> None:
    """Every kind: a column to show and export, a filter, a field of conditions; a column of files where it has some."""
    for kind in custom_kinds:
        make_field("text", key="extra", kind=kind.key, is_listed=True)
    actor = actor_for(staff("exchange.use", *sorted({kind.permission for kind in custom_kinds})))
    parts = {kind: entry for entry in importers for kind, _label in entry.parts.values()}
    for kind in custom_kinds:
        assert CATALOGUE.find(kind.key, f"{kind.key}.custom_extra") is not None, kind.key
        if kind.key in lists:
            keys = {column.key for column in lists[kind.key].columns_for(actor)}
            assert "custom_extra" in keys, kind.key
        importer = next((entry for entry in importers if entry.kind == kind.key), parts.get(kind.key))
        assert importer is None or any(c.key.endswith("custom_extra") for c in importer.all_columns()), kind.key


def test_the_custom_fields_of_a_person_come_in_with_the_company_and_go_again() -> None:
    make_field("text", key="extra", kind="customer")
    make_field("text", key="extra", kind="contact")
    user = staff(*RIGHTS, "customers.delete")
    head = ["Company", "Contact name", "Extra", "Contact: Extra"]
    record = imported(user, "customer", csv_of(head, ["Acme", "Ann", "blue", "left-handed"]))
    ann = Contact.objects.get(name="Ann")
    assert (ann.custom, ann.customer.custom) == ({"extra": "left-handed"}, {"extra": "blue"})
    changed = imported(user, "customer", csv_of(head, ["Acme", "Ann", "", "right-handed"]), existing="update")
    assert changed.changed == 1 and Contact.objects.get(name="Ann").custom == {"extra": "right-handed"}
    assert undone(user, changed).undo_result == {"undone": 1, "left": 0}
    assert Contact.objects.get(name="Ann").custom == {"extra": "left-handed"}
    assert checked(user, "customer", csv_of(head, ["Acme", "Ann", "", "left-handed"]), existing="update").wrong == 0
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
