"""Each kind with custom fields asks them in its form, keeps, lists, finds and exports what was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.urls import reverse

from crm.core.actor import Actor
from crm.fields.registry import custom_kinds
from crm.fields.tests.builders import make_field
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.ui.generic.engine import rows_of_query
from crm.ui.generic.exports import columns_of, direct_file
from crm.ui.lists import lists
from customers.actions import place_order, save_equipment, save_product
from customers.tests.builders import make_contact, make_customer
from knowledge.tests.builders import make_article
from marketing.tests.builders import make_campaign
from sales.tests.contract_builders import make_contract
from sales.tests.deal_builders import make_deal
from sales.tests.lead_builders import make_lead
from sales.tests.quote_builders import line, make_quote
from tickets.tests.builders import submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def product() -> Any:
    name = {"en": "Printer", "zh-hans": "打印机"}
    return save_product(actor=SYSTEM, values={"code": "P-1", "name": name, "price": 1280, "currency": "CNY"})


def device() -> Any:
    return save_equipment(actor=SYSTEM, customer=make_customer(), values={"name": "Printer", "serial_number": "S1"})


#: Kind → what makes a record of it, the address of its form, and what the record is named by there.
RECORDS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "ticket": (submit, "tickets:ticket_update", "number"),
    "customer": (make_customer, "customers:customer_update", "number"),
    "contact": (make_contact, "customers:contact_update", "pk"),
    "product": (product, "customers:product_update", "pk"),
    "order": (
        lambda: place_order(actor=SYSTEM, customer=make_customer(), lines=[line()]), "customers:order_update", "number",
    ),
    "equipment": (device, "customers:equipment_update", "pk"),
    "lead": (make_lead, "leads:lead_update", "number"),
    "opportunity": (make_deal, "sales:opportunity_update", "number"),
    "quote": (make_quote, "quotes:quote_update", "pk"),
    "contract": (make_contract, "contracts:contract_update", "pk"),
    "article": (make_article, "knowledge:article_update", "number"),
    "campaign": (lambda: make_campaign(owner=make_user("marketer")), "marketing:campaign_update", "pk"),
}  # fmt: skip


def test_each_kind_is_walked() -> None:
    assert {kind.key for kind in custom_kinds} == set(RECORDS)


@pytest.mark.parametrize("kind", RECORDS)
def test_an_answer_goes_from_the_form_to_the_file(kind: str) -> None:
    make_field("text", key="extra", kind=kind, is_listed=True)
    make_field("number", key="size", kind=kind, is_listed=True)
    make, name, attribute = RECORDS[kind]
    record = make()
    user = make_user("administrator")
    client, url = signed_in(user), reverse(name, args=[getattr(record, attribute)])
    page = client.get(url).context
    sent = sent_of(page["form"], page.get("lines"))
    assert client.post(url, {**sent, "custom_extra": "left-handed", "custom_size": "2.5"}).status_code == 302
    record = type(record)._default_manager.get(pk=record.pk)
    assert record.custom == {"extra": "left-handed", "size": 2.5}
    if kind not in lists:  # people stand in the lists of their companies
        return
    list_page, actor = lists[kind], staff(user)
    columns = columns_of(list_page, actor, ["custom_extra", "custom_size"])
    found = direct_file(rows_of_query(list_page, actor, "custom_extra=left&custom_size__from=2"), columns, "csv")
    assert [row.split(",")[-2:] for row in found.decode().splitlines()[1:]] == [["left-handed", "2.5"]]
    other = direct_file(rows_of_query(list_page, actor, "custom_extra=right"), columns, "csv")
    assert len(other.decode().splitlines()) == 1


def sent_of(form: Any, lines: Any = None) -> dict[str, Any]:
    """What the forms of a page would send unchanged."""
    sent: dict[str, Any] = {}
    for each in [form, *([lines.management_form, *lines] if lines is not None else [])]:
        for field in each:
            value, widget = field.value(), field.field.widget
            if isinstance(widget, forms.MultiWidget):
                parts = zip(widget.widgets_names, widget.decompress(value), strict=True)
                sent |= {field.html_name + suffix: part or "" for suffix, part in parts}
            elif value not in (None, "") and value is not False:
                sent[field.html_name] = value
    return sent
