"""Changing what a ticket is and who has it."""

from __future__ import annotations

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.errors import Invalid
from tickets.actions import accept_ticket, change_priority, delete_ticket, reassign_ticket, update_ticket
from tickets.models import PriorityRule, StatusSpan, Ticket, TicketFacts
from tickets.seeds import MATRIX

from .builders import digest, fresh, make_agent, make_request_type, make_team, resolved, staff, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


def test_a_new_subject_is_cleaned_recorded_and_searchable(agent, ticket):
    update_ticket(actor=staff(agent), ticket=ticket, values={"subject": "  打印机  卡纸\u202e "})
    assert fresh(ticket).subject == "打印机 卡纸"
    assert Ticket.objects.matching("dayinji").get() == ticket
    changed = Activity.objects.get(object_id=ticket.pk, type=1518)
    assert set(changed.data["fields"]) == {"en", "zh-hans"}


@pytest.mark.parametrize(
    ("values", "field"),
    [({"subject": " "}, "subject"), ({"impact": 9}, "impact"), ({"urgency": "x"}, "urgency"), ({"cycle": 4}, "cycle")],
)
def test_what_cannot_be_is_refused_and_nothing_written(agent, ticket, values, field):
    before = digest()
    with pytest.raises(Invalid) as refused:
        update_ticket(actor=staff(agent), ticket=ticket, values=values)
    assert list(refused.value.fields) == [field]
    assert digest() == before


def test_what_does_not_differ_is_not_written(agent, ticket):
    before = digest()
    values = {"subject": ticket.subject, "request_type": ticket.request_type, "impact": ticket.impact}
    update_ticket(actor=staff(agent), ticket=ticket, values=values)
    assert digest() == before


@pytest.mark.parametrize(("impact", "urgency"), MATRIX)
def test_impact_and_urgency_make_the_priority(agent, ticket, impact, urgency):
    update_ticket(actor=staff(agent), ticket=ticket, values={"impact": impact, "urgency": urgency})
    assert fresh(ticket).priority == MATRIX[impact, urgency]


def test_a_hole_in_the_matrix_is_normal(agent, ticket):
    PriorityRule.objects.all().delete()
    update_ticket(actor=staff(agent), ticket=ticket, values={"impact": 3, "urgency": 3})
    assert fresh(ticket).priority == 2


def test_a_priority_by_hand_stands_over_the_matrix(agent, ticket):
    change_priority(actor=staff(agent), ticket=ticket, priority=4)
    update_ticket(actor=staff(agent), ticket=ticket, values={"subject": "Other"})
    assert fresh(ticket).priority == 4
    with pytest.raises(Invalid):
        change_priority(actor=staff(agent), ticket=ticket, priority=5)


def test_handing_over_measures_the_stay_and_may_be_repeated(agent, ticket):
    team = make_team()
    other = make_agent(team)
    accept_ticket(actor=staff(agent), ticket=ticket)
    for _twice in range(2):
        reassign_ticket(actor=SYSTEM, ticket=ticket, team=team, assignee=other)
    row = fresh(ticket)
    assert (row.team, row.assignee, row.accepted_at) == (team, other, None)
    assert Activity.objects.filter(object_id=ticket.pk, type=1514).count() == 1
    span = StatusSpan.objects.get(ticket=ticket, left_at__isnull=True)
    assert (span.team_id, span.assignee_id) == (team.pk, other.pk)
    assert TicketFacts.objects.get(ticket=ticket).assignments == 2


def test_only_an_active_member_gets_it(agent, ticket):
    outsider, gone = make_agent(make_team()), make_agent(ticket.team)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (outsider, User.objects.get(pk=gone.pk)):
        with pytest.raises(Invalid) as refused:
            reassign_ticket(actor=staff(agent), ticket=ticket, team=ticket.team, assignee=person)
        assert list(refused.value.fields) == ["assignee"]


def test_a_deleted_ticket_is_gone_and_its_figures_stay(agent, ticket):
    resolved(agent, ticket)
    delete_ticket(actor=SYSTEM, ticket=ticket)
    assert not Ticket.objects.exists()
    assert Ticket.all_objects.get().deleted_at is not None
    assert TicketFacts.objects.filter(ticket_id=ticket.pk).exists()
