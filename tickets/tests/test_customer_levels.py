"""What the service desk adds to the risk of customers, and what their levels do to priority, deadline and choice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.accounts.models import User
from crm.calendars.models import Calendar
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.testing.builders import make_team
from customers.actions import NewLine, place_order, set_concern, set_risk
from customers.figures.levels import why_risky
from customers.models import CustomerFacts
from tickets.actions.deadlines import policy_for
from tickets.actions.desk import save_settings
from tickets.actions.editing import update_ticket
from tickets.choices import Level, Priority, Seniority
from tickets.models import ServiceSettings, SlaPolicy, Ticket

from .builders import MONDAY, deliver, fresh, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
RISKY = {"v": 1, "all": [{"field": "ticket.customer.risk_level", "op": "any_of", "value": ["medium", "high"]}]}


def again(ticket: Ticket, **values: object) -> Ticket:
    """Another request of the same person."""
    return submit(ticket.request_type, email=ticket.reply_email, **values)


def test_complaints_and_disputes_are_signs_until_they_are_resolved() -> None:
    team = make_team()
    agent = make_agent(team)
    asked = make_request_type(team=team, kind="complaint")
    ticket = submit(asked)
    deliver()
    facts = CustomerFacts.objects.get()
    assert (facts.risk, facts.risk_points) == ("low", 15)
    line = NewLine(quantity=Decimal(1), unit_price=Decimal(5), name="Paper")
    order = place_order(actor=SYSTEM, customer=ticket.customer, lines=[line])
    set_concern(actor=SYSTEM, subject=ticket, customer=ticket.customer, wants="return", order=order)
    deliver()
    facts.refresh_from_db()
    assert (facts.risk, facts.risk_points) == ("medium", 30)
    assert why_risky(SYSTEM, facts) == ["1 open complaint", "1 open complaint about an order"]
    Ticket.objects.filter(pk=ticket.pk).update(reopened_count=1, sla_state="breached")
    again(ticket)
    deliver()
    facts.refresh_from_db()
    assert (facts.risk, facts.risk_points) == ("high", 50)
    assert "2 open complaints" in why_risky(SYSTEM, facts)
    for row in Ticket.objects.all():
        resolved(agent, row)
    deliver()
    facts.refresh_from_db()
    assert (facts.risk, facts.risk_points) == ("none", 0)


def test_the_level_of_the_customer_decides_priority_deadline_and_who_gets_it() -> None:
    team = make_team()
    junior = make_agent(team, seniority=Seniority.JUNIOR)
    senior = make_agent(team, seniority=Seniority.SENIOR, capacity=3)
    asked = make_request_type(team=team)
    targets = {str(priority): {"first_response": 10, "resolution": 40} for priority in Priority.values}
    special = SlaPolicy.objects.create(
        name={"en": "Risky"}, calendar=Calendar.default(), targets=targets, order=-1, condition=RISKY
    )
    settings = ServiceSettings.objects.get(brand=Brand.default())
    with pytest.raises(Invalid):
        wrong = {"v": 1, "all": [{"field": "ticket.nothing", "op": "is", "value": "x"}]}
        save_settings(actor=SYSTEM, record=settings, values={"raise_when": wrong})
    save_settings(actor=SYSTEM, record=settings, values={"raise_when": RISKY, "senior_when": RISKY})

    def given(ticket: Ticket) -> User | None:
        deliver()
        return fresh(ticket).assignee

    with clock.at(MONDAY):
        first = submit(asked)
        assert given(first) in (junior, senior) and first.priority == Priority.NORMAL
        set_risk(actor=SYSTEM, customer=first.customer, level="high", note="Bank in trouble")
        for _number in range(2):
            later = again(first)
            assert fresh(later).priority == Priority.HIGH
            assert given(later) == senior
        update_ticket(actor=SYSTEM, ticket=later, values={"impact": Level.LOW, "urgency": Level.LOW})
    assert policy_for(fresh(later)) == special and policy_for(submit(asked)) != special
    assert fresh(later).priority == Priority.NORMAL
