"""Deals: what each verb does, refuses and tells."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest

from crm.activity.models import Activity, Anchor
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.sockets import activity_types, handovers
from crm.notifications.models import Notification
from crm.planner.actions import add_task
from crm.testing.builders import make_department, make_team, make_user, staff
from crm.testing.suites import staff as person
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import lists
from customers.actions import NewLine
from customers.links import sources_of, targets_of
from customers.tests.builders import make_contact, make_customer
from sales import actions
from sales.board import board_of, more_cards
from sales.cells import next_step, sums_text
from sales.exceptions.opportunities import MovedMeanwhile, OpportunityIsClosed, OpportunityIsOpen
from sales.models import Opportunity, Pipeline, StageSpan
from sales.staleness import staleness
from sales.telling import opportunities as deal_telling

from .deal_builders import SYSTEM, fresh, make_deal, reason, stage

pytestmark = pytest.mark.django_db


def told(deal: Opportunity) -> list[str]:
    """The deeds on a deal, oldest first."""
    rows = Activity.objects.filter(object_id=deal.pk, kind=160).order_by("pk")
    return [activity_types.by_code(row.type).key for row in rows]


def actor_of(*permissions: str, scope: Scope = Scope.ALL) -> Any:
    return staff(person(*permissions, scope=scope))


def test_a_deal_begins_in_the_first_stage_with_its_customers_owner() -> None:
    owner = make_user("sales")
    customer = make_customer(owner=owner)
    contact = make_contact(customer)
    deal = make_deal(customer, contact=contact, amount=Decimal("99.995"))
    assert (deal.owner, deal.department, deal.stage, deal.amount) == (
        owner,
        owner.department,
        stage(0),
        Decimal("100.00"),
    )
    assert deal.expected_close == (clock.now() + dt.timedelta(days=30)).date()
    assert told(deal) == ["opportunities.created"]
    activity = Activity.objects.get(object_id=deal.pk, kind=160)
    assert Anchor.objects.filter(activity_id=activity.pk).count() == 3  # deal, customer, contact
    span = StageSpan.objects.get(opportunity=deal)
    assert (span.stage, span.left_at, span.amount) == (stage(0), None, deal.amount)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " \u200b"}, "name"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"probability": 101}, "probability"),
        ({"source": "moon"}, "source"),
        ({"won_at": clock.now()}, "won_at"),
    ],
)
def test_wrong_values_are_named(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        make_deal(**values)
    assert field in error.value.fields and not Opportunity.objects.exists()


def test_a_stranger_as_contact_and_a_hidden_customer_are_refused() -> None:
    with pytest.raises(Invalid):
        make_deal(contact=make_contact())
    with pytest.raises(NotFound):
        actions.create_opportunity(
            actor=actor_of("opportunities.create", "opportunities.view", scope=Scope.OWN),
            values={"customer": make_customer(), "name": "x"},
        )
    with pytest.raises(NotAllowed):
        actions.create_opportunity(actor=actor_of("customers.view"), values={"customer": make_customer(), "name": "x"})


def test_the_same_form_makes_one_deal() -> None:
    values = {"customer": make_customer(), "name": "Once"}
    first = actions.create_opportunity(actor=SYSTEM, values=values, form_key="k")
    assert actions.create_opportunity(actor=SYSTEM, values=values, form_key="k") == first
    assert Opportunity.objects.count() == 1


def test_whoever_makes_a_deal_for_another_goes_on_seeing_it() -> None:
    agent = person("opportunities.create", "opportunities.view", "customers.view", scope=Scope.OWN)
    customer = make_customer(owner=agent)
    other = make_user("sales")
    deal = actions.create_opportunity(
        actor=staff(agent), values={"customer": customer, "name": "For another", "owner": other}
    )
    assert deal.owner == other
    assert list(Opportunity.objects.visible_to(staff(agent))) == [deal]


def test_a_move_keeps_the_history_of_stages() -> None:
    deal = make_deal()
    actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(2), was=stage(0))
    spans = list(StageSpan.objects.filter(opportunity=deal).order_by("pk"))
    assert [(row.stage, row.left_at is None) for row in spans] == [(stage(0), False), (stage(2), True)]
    assert spans[0].left_at == spans[1].entered_at == fresh(deal).stage_entered_at
    before = len(told(deal))
    actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(2))
    assert len(told(deal)) == before  # nothing new


def test_a_move_from_where_it_no_longer_is_is_refused() -> None:
    deal = make_deal()
    actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(1))
    with pytest.raises(MovedMeanwhile):
        actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(2), was=stage(0))
    with pytest.raises(Invalid):
        actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(5))


def test_a_won_deal_stays_as_it_was_until_it_is_reopened() -> None:
    deal = make_deal(probability=40)
    actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(3))
    actions.win_opportunity(actor=SYSTEM, opportunity=deal)
    row = fresh(deal)
    assert (row.state, row.stage, row.chance) == ("won", stage(5), 100)
    for verb in (
        lambda: actions.win_opportunity(actor=SYSTEM, opportunity=deal),
        lambda: actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(1)),
        lambda: actions.lose_opportunity(actor=SYSTEM, opportunity=deal, reason=reason()),
        lambda: actions.update_opportunity(actor=SYSTEM, opportunity=deal, values={"amount": Decimal(1)}),
        lambda: actions.set_lines(actor=SYSTEM, opportunity=deal, lines=[]),
    ):
        with pytest.raises(OpportunityIsClosed):
            verb()
    assert actions.reopen_opportunity(actor=SYSTEM, opportunity=deal).stage == stage(3)
    assert fresh(deal).is_open
    with pytest.raises(OpportunityIsOpen):
        actions.reopen_opportunity(actor=SYSTEM, opportunity=deal)


def test_a_deal_is_lost_for_a_reason_and_other_needs_words() -> None:
    deal = make_deal()
    with pytest.raises(Invalid) as error:
        actions.lose_opportunity(actor=SYSTEM, opportunity=deal, reason=reason(True), note=" ")
    assert "note" in error.value.fields and fresh(deal).is_open
    actions.lose_opportunity(actor=SYSTEM, opportunity=deal, reason=reason(True), note="They moved")
    row = fresh(deal)
    assert (row.state, row.stage, row.lost_note) == ("lost", stage(6), "They moved")
    assert told(deal)[-1] == "opportunities.lost"


def test_the_amount_is_the_sum_of_the_products() -> None:
    deal = make_deal()
    lines = [
        NewLine(quantity=Decimal(3), unit_price=Decimal("33.335"), name="Scanner"),
        NewLine(quantity=Decimal(1), unit_price=Decimal(100), name="Dock", discount_percent=Decimal(10)),
    ]
    actions.set_lines(actor=SYSTEM, opportunity=deal, lines=lines)
    assert fresh(deal).amount == Decimal("190.01")
    with pytest.raises(Invalid):
        actions.update_opportunity(actor=SYSTEM, opportunity=deal, values={"amount": Decimal(5)})
    with pytest.raises(Invalid) as error:
        actions.set_lines(actor=SYSTEM, opportunity=deal, lines=[NewLine(quantity=Decimal(0), unit_price=Decimal(1))])
    assert "lines" in error.value.fields and deal.lines.count() == 2
    actions.set_lines(actor=SYSTEM, opportunity=deal, lines=[])
    assert fresh(deal).amount == Decimal("190.01") and not deal.lines.exists()


def test_scopes_collaborators_and_hand_over() -> None:
    here, there = make_department(), make_department()
    mine, theirs = make_user("sales"), make_user("sales")
    mine.department, theirs.department = here, there
    mine.save()
    theirs.save()
    deal = make_deal(owner=theirs)
    me = staff(mine)
    assert not Opportunity.objects.visible_to(me).exists()
    actions.set_collaborators(actor=SYSTEM, opportunity=deal, users=[mine])
    assert Opportunity.objects.visible_to(me).get() == deal
    actions.set_collaborators(actor=SYSTEM, opportunity=deal, users=[])
    assert not Opportunity.objects.visible_to(me).exists()
    with pytest.raises(NotFound):
        actions.add_note(actor=me, opportunity=deal, text="Mine?")
    actions.hand_over(actor=staff(theirs), opportunity=deal, to=mine)
    assert fresh(deal).department == here and Opportunity.objects.visible_to(me).get() == deal
    activity = Activity.objects.filter(object_id=deal.pk, kind=160).latest("pk")
    deal_telling.tell_owner(activity)
    deal_telling.tell_owner(activity)
    assert Notification.objects.filter(user=mine, kind="opportunities.assigned").count() == 1


def test_a_leavers_open_deals_go_over_and_come_back() -> None:
    leaver, heir = make_user("sales"), make_user("sales")
    deal, closed = make_deal(owner=leaver), make_deal(owner=leaver)
    actions.win_opportunity(actor=SYSTEM, opportunity=closed)
    declared = handovers["opportunities"]
    assert list(declared.rows(SYSTEM, leaver)) == [deal]
    memory = declared.move(SYSTEM, deal, heir)
    assert fresh(deal).owner == heir
    declared.undo(SYSTEM, leaver, deal.pk, memory)
    assert fresh(deal).owner == leaver


def test_deleted_deals_come_back_whole_or_go_for_good() -> None:
    deal = make_deal()
    actions.set_lines(
        actor=SYSTEM, opportunity=deal, lines=[NewLine(quantity=Decimal(1), unit_price=Decimal(5), name="Dock")]
    )
    actions.delete_opportunity(actor=SYSTEM, opportunity=deal)
    assert not Opportunity.objects.exists()
    actions.restore_opportunity(actor=SYSTEM, opportunity=deal)
    assert fresh(deal).lines.count() == 1
    with pytest.raises(NotFound):
        actions.erase_opportunity(actor=SYSTEM, opportunity=deal)
    actions.delete_opportunity(actor=SYSTEM, opportunity=deal)
    actions.erase_opportunity(actor=SYSTEM, opportunity=deal)
    assert not Opportunity.all_objects.exists() and not StageSpan.objects.exists()


def test_what_was_made_of_a_record_is_found_from_both_sides() -> None:
    customer = make_customer()
    deal = make_deal(customer, origin=customer)
    assert list(targets_of(customer, "opportunity")) == [deal.pk]
    assert sources_of(SYSTEM, deal) == [customer]
    assert sources_of(actor_of("opportunities.view"), deal) == []  # who may not see customers


def test_a_deal_that_stands_still_is_told_of_once_a_stay() -> None:
    owner = make_user("sales")
    deal = make_deal(owner=owner)
    usual = stage(0).expected_days
    with clock.at(clock.now() + dt.timedelta(days=usual + 1)):
        assert staleness(fresh(deal)) == "caution"
        assert actions.mark_stale(actor=SYSTEM) == 1
        assert actions.mark_stale(actor=SYSTEM) == 0
        deal_telling.tell_stale(Activity.objects.latest("pk"))
        assert Notification.objects.filter(user=owner, kind="opportunities.stale").count() == 1
        actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(1))
        assert staleness(fresh(deal)) == ""
    with clock.at(clock.now() + dt.timedelta(days=usual * 4)):
        assert staleness(fresh(deal)) == "danger"


def test_colleagues_of_the_team_hear_of_a_won_deal() -> None:
    team = make_team()
    owner, mate, other = (
        make_user("sales_manager", teams=[team]),
        make_user("executive", teams=[team]),
        make_user("executive"),
    )
    deal = make_deal(owner=owner)
    actions.win_opportunity(actor=staff(owner), opportunity=deal)
    deal_telling.tell_team(Activity.objects.latest("pk"))
    heard = set(Notification.objects.filter(kind="opportunities.team_won").values_list("user_id", flat=True))
    assert heard == {mate.pk} and other.pk not in heard


def _listed(actor: Any, query: str) -> set[int]:
    return set(rows_of_query(lists["opportunity"], actor, query).queryset().values_list("pk", flat=True))


def test_the_board_shows_what_the_list_shows() -> None:
    """Whatever the filter: counts and sums of the columns are those of the open rows of the list, by currency."""
    rng = random.Random(7)
    owners = [make_user("sales") for _number in range(3)]
    customers = [make_customer() for _number in range(3)]
    for number in range(60):
        deal = make_deal(
            rng.choice(customers), owner=rng.choice(owners), amount=Decimal(rng.randint(0, 9999)) / 4,
            currency=rng.choice(["CNY", "USD"]), stage=stage(rng.randint(0, 4)),
            probability=rng.choice([None, 15, 85]),
            expected_close=(clock.now() + dt.timedelta(days=rng.randint(-40, 90))).date(),
        )  # fmt: skip
        if number % 7 == 0:
            actions.win_opportunity(actor=SYSTEM, opportunity=deal)
        elif number % 11 == 0:
            actions.lose_opportunity(actor=SYSTEM, opportunity=deal, reason=reason())
    pipeline = Pipeline.objects.get()
    for query in (
        "", "state=open", f"owner={owners[0].pk}", "closes=quarter", "closes=late", "currency=USD", "category=commit",
        "category=best&category=pipeline", f"customer={customers[1].number}", "next_step=none", "q=deal+1",
        f"stage={stage(1).pk}&stage={stage(3).pk}", "state=won",
    ):  # fmt: skip
        rows = rows_of_query(lists["opportunity"], SYSTEM, query).queryset()
        board = board_of(SYSTEM, rows, pipeline)
        deals = [deal for deal in Opportunity.objects.filter(pk__in=_listed(SYSTEM, query)) if deal.is_open]
        assert board.totals.count == len(deals)
        for column in board.columns:
            inside = [deal for deal in deals if deal.stage_id == column.stage.pk]
            assert column.totals.count == len(inside)
            for currency in {deal.currency for deal in inside}:
                same = [deal for deal in inside if deal.currency == currency]
                assert column.totals.sums[currency] == sum(deal.amount for deal in same)
                assert column.totals.weighted[currency] == sum(deal.amount * deal.chance / 100 for deal in same)
            shown = [card.deal.pk for card in column.cards]
            more, left = more_cards(SYSTEM, rows, column.stage, len(shown))
            assert left == 0 and sorted(shown + [card.deal.pk for card in more]) == sorted(deal.pk for deal in inside)


def test_amounts_of_several_currencies_stand_apart() -> None:
    assert sums_text({"USD": Decimal(5), "CNY": Decimal("1200.5")}) == "CNY 1,200.50 + USD 5.00"
    assert sums_text({"CNY": Decimal(7)}) == "¥7.00"


def test_the_next_step_is_the_open_task_that_is_due_first() -> None:
    deal, now = make_deal(), clock.now()
    assert next_step(None).tone == "caution"
    add_task(actor=SYSTEM, subject=deal, title="Later", due_at=now + dt.timedelta(days=9))
    add_task(actor=SYSTEM, subject=deal, title="Late", due_at=now - dt.timedelta(days=2))
    row = Opportunity.objects.with_next_tasks(SYSTEM).get(pk=deal.pk)
    step = next_step(row.next_task)
    assert "Late," in step.text and step.tone == "danger"
    assert _listed(SYSTEM, "next_step=late") == {deal.pk} and not _listed(SYSTEM, "next_step=none")


def test_an_unknown_filter_value_costs_only_itself() -> None:
    deal = make_deal()
    assert _listed(SYSTEM, "stage=999999&category=x&closes=never") == {deal.pk}


def test_what_reached_a_stage_counts_there_even_when_it_is_lost_later() -> None:
    deal, early = make_deal(), make_deal()
    actions.move_stage(actor=SYSTEM, opportunity=deal, stage=stage(2))
    for row in (deal, early):
        actions.lose_opportunity(actor=SYSTEM, opportunity=row, reason=reason())
    assert _listed(SYSTEM, f"reached={stage(0).pk}") == {deal.pk, early.pk}
    assert _listed(SYSTEM, f"reached={stage(1).pk}") == {deal.pk}
    assert not _listed(SYSTEM, f"reached={stage(3).pk}")
