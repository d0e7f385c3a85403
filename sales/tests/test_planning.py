"""Forecast, targets, snapshots and funnel: every figure equals its list, and nothing is added that has no rate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import ExchangeRate
from crm.core.rates import Rates
from crm.testing.builders import make_department, make_team, make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from sales.actions import lose_opportunity, move_stage, reopen_opportunity, update_opportunity, win_opportunity
from sales.actions.snapshots import take_snapshot
from sales.actions.targets import set_targets
from sales.changes import Change
from sales.choices.targets import Measure, Period
from sales.models import ForecastSnapshot, Opportunity, Target
from sales.selectors.forecast import Ask, forecast, paid
from sales.selectors.forecast_history import accuracy, movement, snapshot_days
from sales.selectors.funnel import FunnelAsk, funnel
from sales.selectors.targets import COMPANY
from sales.terms import Term

from .contract_builders import pay, signed
from .deal_builders import fresh, make_deal, reason, stage

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MONDAY = dt.datetime(2026, 5, 4, 2, tzinfo=dt.UTC)  # ten o'clock in Shanghai
JUNE, JULY = dt.date(2026, 6, 10), dt.date(2026, 7, 10)
QUARTER = Term.around(JUNE, Period.QUARTER)


def deal(amount: int = 1000, closes: dt.date = JUNE, place: int = 0, **values: Any) -> Opportunity:
    return make_deal(amount=Decimal(amount), expected_close=closes, stage=stage(place), **values)


def listed(client: Any, url: str) -> set[int]:
    """The deals that the list behind a figure shows."""
    import re

    return {int(pk) for pk in re.findall(r'id="row-(\d+)"', client.get(url).content.decode())}


def win(row: Opportunity) -> Opportunity:
    return win_opportunity(actor=SYSTEM, opportunity=fresh(row))


def test_lines_by_department_count_the_deals_of_each_and_open_exactly_them() -> None:
    boss, north = person("opportunities.view", scope=Scope.ALL), make_department("North")
    ann = make_user("sales", name="Ann")
    User.objects.filter(pk=ann.pk).update(department=make_department("South"))
    ann.refresh_from_db()
    with clock.at(MONDAY):
        mine, moved, nobodys = deal(1000, owner=ann, probability=90), deal(300, owner=ann, probability=90), deal(70)
        Opportunity.objects.filter(pk=moved.pk).update(department=north)
        Opportunity.objects.filter(pk=nobodys.pk).update(department=None, owner=None)
        amounts = {(("department", north.pk), QUARTER.start): Decimal(600)}
        set_targets(actor=SYSTEM, period=Period.QUARTER, measure=Measure.WON, amounts=amounts)
        found = forecast(staff(boss), Ask(QUARTER, by="department"), Rates())
        line = {row.label: row for row in found.lines}
        client = signed_in(boss)
        assert listed(client, line["South"].urls["commit"]) == {mine.pk} and line["North"].target == 600
        assert listed(client, line["North"].urls["commit"]) == {moved.pk}
        assert listed(client, line["Without a department"].urls["weighted"]) == {nobodys.pk}
        assert sum(row.open.amount for row in found.lines) == found.total.open.amount == 1370
        one = forecast(staff(boss), Ask(QUARTER, department=north.pk), Rates())
        assert (one.total.open.amount, one.total.target) == (300, 600)
        page = client.get(reverse("planning:forecast"), {"by": "department", "department": north.pk}).content.decode()
        assert "North" in page and "South" not in page


def test_figures_by_owner_with_their_lists_targets_and_rates() -> None:
    boss = person("opportunities.view", "opportunities.update", scope=Scope.ALL)
    ann, ben = make_user("sales", name="Ann"), make_user("sales", name="Ben")
    with clock.at(MONDAY):
        ExchangeRate.objects.create(currency="USD", base="CNY", rate=Decimal(7), valid_from=dt.date(2026, 4, 1))
        sure = deal(1000, owner=ann, probability=90)
        deal(500, owner=ann, probability=50), deal(300, owner=ben, probability=10), deal(9, JULY, owner=ann)
        dollars = deal(100, owner=ben, probability=80, currency="USD")
        deal(70, owner=ben, probability=80, currency="EUR")
        won = win(deal(2000, owner=ann))
        late = deal(50, dt.date(2026, 3, 1), owner=ben)
        lose_opportunity(actor=SYSTEM, opportunity=deal(owner=ben), reason=reason())
        amounts = {(("user", ann.pk), QUARTER.start): Decimal(4000), (COMPANY, QUARTER.start): Decimal(9000)}
        set_targets(actor=SYSTEM, period=Period.QUARTER, measure=Measure.WON, amounts=amounts)
        found = forecast(staff(boss), Ask(QUARTER), Rates())
        line = {row.label: row for row in found.lines}
        sums = {name: {key: total.amount for key, total in row.sums.items()} for name, row in line.items()}
        assert sums["Ann"] == {"won": 2000, "commit": 1000, "best": 500, "pipeline": 0, "weighted": 1150}
        assert sums["Ben"] == {"won": 0, "commit": 700, "best": 0, "pipeline": 300, "weighted": 590}
        assert (line["Ann"].target, line["Ann"].gap, line["Ann"].percent) == (4000, 2000, 50)
        assert (found.total.target, found.total.expected, found.late) == (9000, 3740, 1)
        assert any("1 amount in EUR" in note for note in found.notes)
        client = signed_in(boss)
        assert listed(client, line["Ann"].urls["commit"]) == {sure.pk}
        assert listed(client, line["Ann"].urls["won"]) == {won.pk}
        assert (
            dollars.pk in listed(client, found.total.urls["commit"])
            and len(listed(client, found.total.urls["weighted"])) == 5
        )
        assert listed(client, found.late_url) == {late.pk}
        page = client.get(reverse("planning:forecast")).content.decode()
        assert "¥2,000.00" in page and "1 amount in EUR is not included: no rate." in page
        assert client.get(reverse("planning:forecast"), {"period": "x", "at": "never", "team": "-1"}).status_code == 200
        only = forecast(staff(ann), Ask(QUARTER), Rates())
        assert [row.label for row in only.lines] == ["Ann"] and only.total.target == 4000


def test_by_team_everybody_counts_once_in_all() -> None:
    north, south = make_team("North"), make_team("South")
    both, alone = make_user("sales", teams=[north, south]), make_user("sales")
    boss = person("opportunities.view", scope=Scope.ALL)
    with clock.at(MONDAY):
        first, second = deal(100, owner=both), deal(10, owner=alone)
        found = forecast(staff(boss), Ask(QUARTER, by="team"), Rates())
        amounts = {row.label: row.sums["pipeline"].amount for row in found.lines}
        assert amounts == {"North": 100, "South": 100, "Without a team": 10}
        assert found.total.sums["pipeline"].amount == 110
        urls = {row.label: row.urls["pipeline"] for row in found.lines}
        client = signed_in(boss)
        assert listed(client, urls["North"]) == {first.pk} and listed(client, urls["Without a team"]) == {second.pk}


def test_what_changed_since_a_snapshot_adds_up_and_each_change_has_its_list() -> None:
    boss = person("opportunities.view", "opportunities.update", scope=Scope.ALL)
    with clock.at(MONDAY - dt.timedelta(days=1)):
        closed = win(deal(30))
    with clock.at(MONDAY):
        kept, up, down, out, won, lost, again = (deal(amount) for amount in (100, 200, 400, 800, 1600, 3200, 6400))
        pulled = deal(50, JULY)
        assert take_snapshot(actor=SYSTEM) == 8
        assert take_snapshot(actor=SYSTEM) == 0
    with clock.at(MONDAY + dt.timedelta(days=3)):
        assert take_snapshot(actor=SYSTEM) == 0
        new = deal(12800)
        for row, values in (
            (up, {"amount": Decimal(260)}), (down, {"amount": Decimal(390)}), (out, {"expected_close": JULY}),
            (pulled, {"expected_close": JUNE}),
        ):  # fmt: skip
            update_opportunity(actor=SYSTEM, opportunity=row, values=values)
        win(won), reopen_opportunity(actor=SYSTEM, opportunity=closed)
        lose_opportunity(actor=SYSTEM, opportunity=lost, reason=reason())
        lose_opportunity(actor=SYSTEM, opportunity=again, reason=reason())
        reopen_opportunity(actor=SYSTEM, opportunity=again)
        found = movement(staff(boss), Ask(QUARTER), MONDAY.date(), Rates())
        assert {line.change: (line.count, line.amount) for line in found.lines} == {
            Change.NEW: (1, 12800), Change.MOVED_IN: (2, 80), Change.UP: (1, 60), Change.DOWN: (1, -10),
            Change.MOVED_OUT: (1, -800), Change.WON: (1, -1600), Change.LOST: (1, -3200),
        }  # fmt: skip
        assert found.then.amount + sum(line.amount for line in found.lines) == found.now.amount
        client = signed_in(boss)
        shown = {line.change: listed(client, line.url) for line in found.lines}
        assert shown[Change.NEW] == {new.pk} and shown[Change.MOVED_IN] == {pulled.pk, closed.pk}
        assert shown[Change.WON] == {won.pk} and shown[Change.MOVED_OUT] == {out.pk}
        assert kept.pk not in set().union(*shown.values())
        page = client.get(reverse("planning:forecast")).content.decode()
        assert "What changed since 4 May 2026?" in page and "+¥12,800.00" in page
        listing = client.get(reverse("sales:opportunity_list"), {"own": "1", "change": "won.never.2026-04-01.x"})
        assert listing.status_code == 200


def test_how_good_a_forecast_was() -> None:
    with clock.at(MONDAY):
        sold, gone = deal(1000, probability=90), deal(1000, probability=50)
        take_snapshot(actor=SYSTEM)
    with clock.at(MONDAY + dt.timedelta(days=8)):
        win(sold), lose_opportunity(actor=SYSTEM, opportunity=gone, reason=reason())
        assert take_snapshot(actor=SYSTEM) == 0
        assert snapshot_days(dt.date(2026, 5, 12)) == [MONDAY.date()]
        (week,) = accuracy(SYSTEM, Ask(QUARTER), Rates())
        assert (week.expected, week.committed, week.actual, week.off_percent) == (1400, 1000, None, None)
    with clock.at(dt.datetime(2026, 7, 2, tzinfo=dt.UTC)):
        (week,) = accuracy(SYSTEM, Ask(QUARTER), Rates())
        assert (week.actual, week.off_percent) == (1000, 40)
    assert ForecastSnapshot.objects.count() == 2


def test_targets_belong_to_a_scope_and_a_quarter_is_its_months() -> None:
    team = make_team()
    manager, stranger = make_user("sales_manager", teams=[team]), make_user("sales")
    seller = make_user("sales", name="Ann")
    for user in (manager, seller):
        user.department = team.department
        user.save(update_fields=["department"])
    months = {(("user", seller.pk), dt.date(2026, month, 1)): Decimal(100 * month) for month in (4, 5)}
    with clock.at(MONDAY):
        assert set_targets(actor=staff(manager), period=Period.MONTH, measure=Measure.WON, amounts=months) == 2
        assert set_targets(actor=staff(manager), period=Period.MONTH, measure=Measure.WON, amounts=months) == 0
        assert forecast(staff(seller), Ask(QUARTER), Rates()).total.target == 900
        own = {(("user", seller.pk), QUARTER.start): Decimal(5000)}
        set_targets(actor=staff(manager), period=Period.QUARTER, measure=Measure.WON, amounts=own)
        assert forecast(staff(seller), Ask(QUARTER), Rates()).total.target == 5000
        for holder in (("user", stranger.pk), COMPANY):
            with pytest.raises(NotFound):
                amounts = {(holder, QUARTER.start): Decimal(1)}
                set_targets(actor=staff(manager), period=Period.QUARTER, measure=Measure.WON, amounts=amounts)
        with pytest.raises(Invalid):
            amounts = {(("user", seller.pk), JUNE): Decimal(1)}
            set_targets(actor=SYSTEM, period=Period.QUARTER, measure=Measure.WON, amounts=amounts)
        with pytest.raises(NotAllowed):
            set_targets(actor=staff(seller), period=Period.QUARTER, measure=Measure.WON, amounts=own)
    url, name = f"{reverse('planning:targets')}?year=2026&period=quarter", f"user-{seller.pk}:2026-04-01"
    client = signed_in(manager)
    assert client.post(url, {name: "many"}).status_code == 422
    assert client.post(url, {name: "6000.5"}).status_code == 302
    assert "6000.5" in client.get(url).content.decode()
    assert client.post(url, {name: ""}).status_code == 302
    assert not Target.objects.filter(period=Period.QUARTER).exists()
    page = signed_in(seller).get(url).content.decode()
    assert "Ann" in page and 'name="user-' not in page
    assert signed_in(seller).post(url, {name: "1"}).status_code == 403


def test_the_funnel_counts_lost_deals_to_the_stage_they_reached() -> None:
    boss = person("opportunities.view", "opportunities.update", scope=Scope.ALL)
    with clock.at(MONDAY - dt.timedelta(days=92)):
        deal()
    with clock.at(MONDAY):
        fast, slow, gone, first = deal(), deal(), deal(), deal(source="referral")
    with clock.at(MONDAY + dt.timedelta(days=2)):
        move_stage(actor=SYSTEM, opportunity=fast, stage=stage(1))
    with clock.at(MONDAY + dt.timedelta(days=4)):
        move_stage(actor=SYSTEM, opportunity=slow, stage=stage(1))
        move_stage(actor=SYSTEM, opportunity=gone, stage=stage(2))
        lose_opportunity(actor=SYSTEM, opportunity=gone, reason=reason())
        win(fast)
    with clock.at(MONDAY + dt.timedelta(days=9)):
        ask = FunnelAsk(first.pipeline, QUARTER)
        found = funnel(staff(boss), ask)
        assert [(step.count, step.base) for step in found.steps] == [(4, 4), (3, 4), (2, 3), (1, 2), (1, 1), (1, 1)]
        start = found.steps[0]
        assert (start.before, start.before_base, start.stays) == (1, 1, 3)
        assert (round(start.median_days or 0, 1), round(start.p90_days or 0, 1)) == (4, 4)
        assert (found.win_rate, found.ended, found.steps[1].points) == (0.5, 2, 75)
        assert [(ending.count, ending.label) for ending in found.reasons] == [(1, reason())]
        client = signed_in(boss)
        assert listed(client, found.steps[1].url) == {fast.pk, slow.pk, gone.pk}
        assert listed(client, found.reasons[0].url) == {gone.pk}
        assert funnel(staff(boss), FunnelAsk(first.pipeline, QUARTER, source="referral")).total == 1
        page = client.get(reverse("planning:funnel")).content.decode()
        assert "75% of 4" in page and "1 of 2 that ended" in page
        assert (
            "No opportunities were created"
            in client.get(reverse("planning:funnel"), {"at": "2020-01-01"}).content.decode()
        )


def test_what_was_paid_stands_beside_its_target() -> None:
    boss = person("opportunities.view", "contracts.view", "payments.view", scope=Scope.ALL)
    with clock.at(MONDAY):
        payment = pay(signed(amount="1000"), "400")
        amounts = {(COMPANY, QUARTER.start): Decimal(1600)}
        set_targets(actor=SYSTEM, period=Period.QUARTER, measure=Measure.PAID, amounts=amounts)
        came = paid(staff(boss), Ask(QUARTER), Rates())
        assert came is not None and (came.total.amount, came.percent) == (400, 25)
        client = signed_in(boss)
        assert listed(client, came.url) == {payment.pk}
        assert "25% of the paid target" in client.get(reverse("planning:forecast")).content.decode()
        assert paid(staff(boss), Ask(QUARTER.before), Rates()).total.count == 0  # type: ignore[union-attr]
        assert paid(staff(make_user("agent")), Ask(QUARTER), Rates()) is None
