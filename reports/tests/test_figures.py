"""The figures of a small set computed by hand, and that each opens exactly the records it counts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from crm.accounts.access import actor_for
from crm.core import clock, metrics
from crm.core.actor import Actor, Scope
from crm.core.metrics import Figure, Span, measures
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import lists
from reports.board import Board
from reports.cards.flow import backlog_by_day
from reports.cards.tiles import build_period
from reports.periods import last_days
from tickets.actions import change_status, customer_reply, delete_ticket, reopen
from tickets.models import Status, Ticket

from .builders import SHANGHAI, Desk, at, person

BOSS = Actor.system()
#: What this file is about; the figures of other apps have a slow twin in test_gallery.py.
OURS = [measure for measure in measures if measure.source.key.startswith("tickets.")]
NOON_WEDNESDAY = at(4, 12)


def figure(key: str, span: Span, viewer: Actor = BOSS, **only: list) -> Figure:
    return metrics.figures([measures[key]], viewer, span, only)[key]


BY_HAND = {
    "tickets.created": (4, 4),
    "tickets.resolved": (2, 2),
    "tickets.closed_unsolved": (0, 0),
    "tickets.backlog": (2, 2),
    "tickets.open": (2, 2),
    "tickets.unassigned": (1, 1),
    "tickets.load": (2, 2),
    "tickets.sla_met": (0.5, 2),
    "tickets.response_met": (2 / 3, 3),
    "tickets.satisfaction": (4.0, 2),
    "tickets.first_response_mean_business": (3000, 3),
    "tickets.first_response_median_business": (3600, 3),
    "tickets.first_response_p90_business": (3600, 3),
    "tickets.first_response_mean_calendar": (21_000, 3),
    "tickets.first_response_median_calendar": (3600, 3),
    "tickets.first_response_p90_calendar": (46_800, 3),
    "tickets.handling_mean_business": (11_700, 2),
    "tickets.handling_median_business": (11_700, 2),
    "tickets.handling_p90_business": (15_300, 2),
    "tickets.handling_mean_calendar": (40_500, 2),
    "tickets.handling_median_calendar": (40_500, 2),
    "tickets.handling_p90_calendar": (67_140, 2),
}


def test_figures_by_hand(week: Desk, span: Span) -> None:
    with clock.at(NOON_WEDNESDAY):
        found = metrics.figures([measures[key] for key in BY_HAND], BOSS, span)
    for key, (value, base) in BY_HAND.items():
        # A verb takes a moment of its own: time is exact to the second or two, the rest exactly.
        tolerance = 2 if measures[key].unit.is_time else 1e-9
        assert found[key].value == pytest.approx(value, abs=tolerance), key
        assert found[key].base == base, key


def test_nothing_to_count_is_no_answer_and_no_zero(desk: Desk, span: Span) -> None:
    for measure in OURS:
        found = figure(measure.key, span)
        assert found.base == 0
        assert found.value == (0 if measure.unit == metrics.Unit.COUNT else None), measure.key


def test_due_within_the_hour_and_overdue(week: Desk, span: Span) -> None:
    from crm.calendars.clock_sweep import sweep_clocks

    ticket = Ticket.objects.get(request_type=week.usual, resolved_at=None)
    due = ticket.next_due_at
    assert due is not None
    with clock.at(due - dt.timedelta(minutes=30)):
        assert figure("tickets.due_within_hour", span).value == 1
    with clock.at(due - dt.timedelta(minutes=90)):
        assert figure("tickets.due_within_hour", span).value == 0
    with clock.at(due + dt.timedelta(seconds=5)):
        sweep_clocks()
        assert figure("tickets.breached", span).value >= 1
        assert figure("tickets.due_within_hour", span).value == 0


def test_stays_by_status_and_team(week: Desk, span: Span) -> None:
    keys = ("tickets.stay_total_business", "tickets.stay_median_calendar")
    found = metrics.by_part([measures[key] for key in keys], BOSS, span, ("status", "team"))
    new = found[("new", week.first.pk)]["tickets.stay_total_business"]
    # quick: 30 min in New, overnight: 1 h of business time, until each was answered.
    assert (new.value, new.base) == (pytest.approx(1800 + 3600, abs=3), 2)
    in_progress = found[("in_progress", week.first.pk)]["tickets.stay_total_business"]
    assert (in_progress.value, in_progress.base) == (pytest.approx(5400 + 12_600, abs=3), 2)
    assert ("resolved", week.first.pk) not in found


def test_deleted_and_reopened_tickets_leave_the_solved_ones(week: Desk, span: Span) -> None:
    quick = Ticket.objects.filter(resolved_at__isnull=False).earliest("resolved_at")
    with clock.at(NOON_WEDNESDAY):
        reopen(actor=BOSS, ticket=quick)
        assert figure("tickets.resolved", span).value == 1
        assert figure("tickets.open", span).value == 3
        delete_ticket(actor=BOSS, ticket=quick)
        assert figure("tickets.open", span).value == 2
        assert figure("tickets.satisfaction", span).base == 1


def test_the_latest_answer_of_a_ticket_counts_once(week: Desk, span: Span) -> None:
    quick = Ticket.objects.filter(resolved_at__isnull=False).earliest("resolved_at")
    contact = Actor.contact(week.contact.pk, "Li Lei")
    with clock.at(at(3, 15)):
        customer_reply(actor=contact, ticket=quick, body="Again!", form_key="again")
    week.resolve(quick, at(3, 16), score=1)
    found = figure("tickets.satisfaction", span)
    assert (found.value, found.base) == (2.0, 2)
    monday = Span(at(2, 0), at(3, 0), SHANGHAI)
    assert figure("tickets.satisfaction", monday).value == 5
    assert listed(metrics.address(measures["tickets.satisfaction"], monday), BOSS) == {quick.pk}


def test_the_day_with_twenty_five_hours_keeps_both_its_ends(desk: Desk) -> None:
    zone = ZoneInfo("America/New_York")  # clocks go back on 1 November 2026
    desk.ticket(dt.datetime(2026, 11, 1, 0, 30, tzinfo=zone))
    desk.ticket(dt.datetime(2026, 11, 1, 23, 30, tzinfo=zone))
    desk.ticket(dt.datetime(2026, 11, 2, 0, 0, tzinfo=zone))
    span = Span(metrics.midnight(dt.date(2026, 10, 31), zone), metrics.midnight(dt.date(2026, 11, 3), zone), zone)
    days = metrics.by_day([measures["tickets.created"]], BOSS, span)
    assert [figures["tickets.created"].base for figures in days.values()] == [0, 2, 1]
    sunday = span.day(dt.date(2026, 11, 1))
    assert sunday.end - sunday.start == dt.timedelta(hours=25)
    assert len(listed(metrics.address(measures["tickets.created"], sunday), BOSS)) == 2


def test_backlog_adds_up_day_by_day_and_opens_its_records(week: Desk) -> None:
    untouched = Ticket.objects.filter(resolved_at=None).latest("created_at")
    with clock.at(at(4, 15)):
        change_status(actor=BOSS, ticket=untouched, status=Status.objects.get(key="closed"))
    with clock.at(at(5, 9)):
        board = Board(BOSS, last_days(4, SHANGHAI, "custom"), ())
        backlog = backlog_by_day(board)
        assert backlog.opening == 0
        assert backlog.at_end == [1, 1, 1, 1]
        for day, left in zip(backlog.days, backlog.at_end, strict=True):
            assert len(listed(board.address("tickets.backlog", board.span.day(day)), BOSS)) == left
        assert figure("tickets.closed_unsolved", board.span).value == 1
        assert figure("tickets.backlog", board.span).value == figure("tickets.open", board.span).value == 1


@pytest.mark.parametrize("who", ["wide", "middle", "empty"])
def test_a_trend_is_what_the_spans_and_days_say_by_themselves(
    week: Desk, span: Span, viewers: dict[str, Actor], who: str
) -> None:
    """The spans meet on Tuesday, so that a ticket rated again and again counts on both sides."""
    middle = at(3, 0)
    before, after = Span(span.start, middle, SHANGHAI), Span(middle, span.end, SHANGHAI)
    quick = Ticket.objects.filter(resolved_at__isnull=False).earliest("resolved_at")
    with clock.at(at(3, 15)):
        customer_reply(actor=Actor.contact(week.contact.pk, "Li Lei"), ticket=quick, body="Again!", form_key="again")
    week.resolve(quick, at(3, 16), score=1)
    moving = [measure for measure in OURS if measure.source.moment and "team" in measure.source.parts]
    for only in ({}, {"team": [week.first.pk]}):
        found = metrics.trend(moving, viewers[who], after, before, only)
        assert found.now == pytest.approx(metrics.figures(moving, viewers[who], after, only))
        assert found.before == metrics.figures(moving, viewers[who], before, only)
        assert found.days == metrics.by_day(moving, viewers[who], after, only)


def test_the_period_is_counted_in_nine_queries(week: Desk, django_assert_num_queries: Any) -> None:
    with clock.at(NOON_WEDNESDAY):
        board = Board(BOSS, last_days(4, SHANGHAI, "custom"), ())
        with django_assert_num_queries(9):  # one of them for the targets
            tiles = build_period(board).tiles
    assert [tile.value for tile in tiles[:2]] == ["4", "2"]


def listed(address: str, viewer: Actor) -> set[int]:
    """What the ticket list behind an address shows to the viewer."""
    return set(rows_of_query(lists["ticket"], viewer, urlsplit(address).query).queryset().values_list("pk", flat=True))


@pytest.fixture
def viewers(week: Desk) -> dict[str, Actor]:
    return {
        "wide": actor_for(person("tickets.view", "orders.view", scope=Scope.ALL)),
        "middle": actor_for(person("tickets.view", "orders.view", scope=Scope.TEAM, teams=(week.first,))),
        "empty": actor_for(person("tickets.view", "orders.view", scope=Scope.NONE)),
    }


@pytest.mark.parametrize("who", ["wide", "middle", "empty"])
def test_every_figure_opens_exactly_its_records(week: Desk, span: Span, viewers: dict[str, Actor], who: str) -> None:
    viewer = viewers[who]
    assert len(OURS) > 20
    for only in ({}, {"team": [week.first.pk]}, {"team": [week.second.pk]}):
        for measure in OURS:
            if only and "team" not in measure.source.parts:
                continue
            found = figure(measure.key, span, viewer, **only)
            counted = set(metrics.records(measure, viewer, span, only).values_list(measure.source.identity, flat=True))
            assert listed(metrics.address(measure, span, only), viewer) == counted, measure.key
            assert len(counted) == found.base, measure.key
            if measure.unit == metrics.Unit.COUNT:
                assert found.value == found.base, measure.key
            if who == "empty":
                assert found.base == 0, measure.key


def test_a_part_of_a_figure_opens_its_records(week: Desk, span: Span, viewers: dict[str, Actor]) -> None:
    for measure in OURS:
        for part, known in measure.source.parts.items():
            if known.param in measure.params:
                continue
            for (value,), found in metrics.by_part([measure], viewers["wide"], span, [part]).items():
                address = metrics.address(measure, span, {part: [value]})
                assert len(listed(address, viewers["wide"])) == found[measure.key].base, (measure.key, address)
