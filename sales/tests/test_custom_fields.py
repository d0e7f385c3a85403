"""What a company asks of its own about quotes and contracts: written, carried over, approved with the rest."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.approvals.actions import approve
from crm.approvals.models import Approval
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.sockets import activity_types
from crm.fields.models import CustomField
from crm.fields.tests.builders import make_field
from crm.testing.builders import make_user, staff
from sales.actions.contract_quotes import contract_of_quote
from sales.actions.contracts import renew_contract, save_contract, submit_contract
from sales.actions.quotes import create_quote, new_version, save_quote
from sales.models import Contract
from sales.paying.snapshot import describe

from .contract_builders import make_contract, signed
from .quote_builders import make_quote, make_seller, sent_quote
from .test_quotes import accept

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.mark.parametrize(("kind", "make"), [("quote", make_quote), ("contract", make_contract)])
def test_the_editor_asks_keeps_what_was_typed_and_tells_what_changed(client, kind, make):
    make_field("text", key="po", kind=kind), make_field("number", key="seats", kind=kind)
    seller = make_seller()
    client.force_login(seller)
    row = make(seller, custom_po="PO-7")
    url = reverse(f"{kind}s:{kind}_update", args=[row.pk])
    assert 'value="PO-7"' in client.get(url).content.decode()
    head = {
        "name": "Service", "language": "en", "currency": "CNY", "notice_days": "30", "valid_until": "2099-01-01",
        "line-TOTAL_FORMS": "0", "line-INITIAL_FORMS": "0", "custom_po": "PO-8", "custom_seats": "many",
    }  # fmt: skip
    answer = client.post(url, head)
    assert answer.status_code == 422
    assert "custom_seats" in answer.context["form"].errors and 'value="PO-8"' in answer.content.decode()
    assert client.post(url, {**head, "custom_seats": "12"}).status_code == 302
    row.refresh_from_db()
    assert row.custom == {"po": "PO-8", "seats": 12}
    told = Activity.objects.get(type=activity_types[f"{kind}s.updated"].code).data
    assert told["changes"] == {"custom_po": ["PO-7", "PO-8"], "custom_seats": [None, 12]}
    assert "PO-8" in client.get(reverse(f"{kind}s:{kind}_detail", args=[row.pk])).content.decode()


def test_an_answer_to_no_question_is_refused_and_nothing_is_stored():
    make_field("number", key="seats", kind="quote")
    quote = make_quote()
    for values in ({"custom_seats": "many"}, {"custom_gone": "x"}, {"custom_seats": 3, "name": " "}):
        with pytest.raises(Invalid) as caught:
            save_quote(actor=SYSTEM, quote=quote, values=values)
        assert len(caught.value.fields) == 1
        with pytest.raises(Invalid):
            create_quote(actor=SYSTEM, customer=quote.customer, values=values)
    quote.refresh_from_db()
    assert (quote.custom, quote.name) == ({}, "Label stations")


def test_a_new_version_and_a_renewal_carry_the_answers_over_those_of_fields_switched_off_too():
    make_field("text", key="po", kind="quote"), make_field("text", key="po", kind="contract")
    quote, contract = sent_quote(custom_po="PO-7"), signed(custom_po="PO-9")
    CustomField.objects.update(is_active=False)
    assert new_version(actor=SYSTEM, quote=quote).custom == {"po": "PO-7"}
    assert renew_contract(actor=SYSTEM, contract=contract).custom == {"po": "PO-9"}


def test_a_contract_takes_over_what_contracts_ask_too():
    asked = (("po", "text"), ("colour", "choice"), ("only", "text"), ("size", "text"))
    for key, type in asked:
        make_field(type, key=key, kind="quote")
    make_field("text", key="po", kind="contract"), make_field("number", key="size", kind="contract")
    make_field("choice", key="colour", kind="contract", options=[{"value": "grey", "en": "Grey", "zh-hans": "灰色"}])
    seller = make_seller()
    quote = sent_quote(seller, custom_po="PO-7", custom_colour="red", custom_only="x", custom_size="3")
    assert contract_of_quote(actor=staff(seller), quote=accept(quote)).custom == {"po": "PO-7"}


def test_another_answer_loses_the_approval_and_the_approver_reads_the_first():
    make_field("text", key="po", kind="contract")
    boss, seller = make_user("sales_manager"), make_seller()
    contract = submit_contract(actor=staff(seller), contract=make_contract(seller, "300000", custom_po="PO-7"))
    assert contract.state == "in_approval"
    approval = Approval.objects.get()
    assert ("Po", "PO-7") in describe(approval.snapshot)
    approve(actor=staff(boss), approval=approval)
    contract = Contract.objects.get()
    save_contract(actor=staff(seller), contract=contract, values={"custom_po": "PO-7"})
    assert Contract.objects.get().state == "approved"
    save_contract(actor=staff(seller), contract=contract, values={"custom_po": "PO-8"})
    assert Contract.objects.get().state == "draft"
