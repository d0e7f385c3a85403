"""The ticket list's own search: short Chinese words by an index, and by the customer's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from crm.core.actor import Actor
from crm.core.containing import containing
from crm.fields.tests.builders import make_field
from customers.models import Customer
from tickets.actions import update_ticket
from tickets.models import Ticket

from .builders import submit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["退", "退款", "款未到", "tk", "t", "tuikuan"])
def test_a_text_of_any_length_finds_the_subject(text: str) -> None:
    wanted = submit(subject="退款未到账")
    other = submit(subject="Zimmer")
    found = Ticket.objects.matching(text)
    assert wanted in found and other not in found


@pytest.mark.parametrize("text", ["SO-2026-12143", "so-2026-12"])
def test_an_answer_finds_the_ticket_and_a_corrected_one_finds_it_anew(text: str) -> None:
    make_field("order_number", "order_number")
    wanted, other, editor = submit(), submit(), Actor.system()
    update_ticket(actor=editor, ticket=wanted, values={"custom_order_number": "SO-2026-12143"})
    assert wanted in Ticket.objects.matching(text) and other not in Ticket.objects.matching(text)
    update_ticket(actor=editor, ticket=wanted, values={"custom_order_number": "SO-2025-99"})
    assert wanted not in Ticket.objects.matching(text) and wanted in Ticket.objects.matching("so-2025-99")


def test_characters_that_stand_apart_are_no_word() -> None:
    ticket = submit(subject="款项已退")
    assert ticket not in Ticket.objects.matching("退款")


def test_a_customer_is_found_by_one_character() -> None:
    ticket = submit()
    ticket.customer.name = "王府井百货"
    ticket.customer.save()
    assert ticket in Ticket.objects.matching("王") and ticket in Ticket.objects.matching("百货")


@pytest.mark.parametrize(("model", "index"), [(Ticket, "ticket_search_chars"), (Customer, "customer_search_chars")])
def test_one_character_has_an_index(model: type[Any], index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in model.all_objects.filter(containing("search_key", "退")).explain()
