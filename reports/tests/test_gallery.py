"""Each figure of the gallery beside a slow computation in plain Python, and that it opens exactly its records."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from statistics import mean
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import Department
from crm.core import metrics
from crm.core.actor import Actor, Scope
from crm.core.gallery import reports
from crm.core.metrics import Figure, Measure, Span, Unit, measures
from crm.core.models import Brand
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import lists
from customers.figures.analysis import compute_facts
from customers.models import Customer, CustomerFacts, Order, Product, ProductCategory
from knowledge.models import Article, ArticleDay, Category, Feedback, SearchMiss
from knowledge.selectors import open_misses
from reports.board import Board
from reports.gallery.asking import asked
from reports.gallery.cards import ReportCard
from sales.choices.leads import LeadStatus
from sales.choices.quotes import QuoteState
from sales.models import Contract, Instalment, Lead, LostReason, Opportunity, Payment, Pipeline, Quote, Stage

from .builders import SHANGHAI, at, named, person

pytestmark = pytest.mark.django_db
NOW = at(30, 12)
SPAN = Span(at(1, 0), at(30, 0), SHANGHAI)
TODAY = dt.date(2026, 11, 30)
SEE = (
    "customers.view", "orders.view", "opportunities.view", "leads.view", "quotes.view", "payments.view",
    "contracts.view", "knowledge.view", "knowledge.write", "reports.view", "tickets.view",
)  # fmt: skip
WORLD = ("customers.", "orders.", "sales.", "leads.", "quotes.", "payments.", "knowledge.")


class World:
    """A few dozen rows of every kind with chance in them, the same each time; some in euro, some on the edges."""

    def __init__(self) -> None:
        self.rng = random.Random("figures")
        self.brand = Brand.default()
        self.sales = Department.objects.create(name=named("Sales"))
        self.people = {
            "wide": person(*SEE, scope=Scope.ALL, name="Admin"),
            "middle": person(*SEE, scope=Scope.DEPARTMENT, name="Lead"),
            "own": person(*SEE, scope=Scope.OWN, name="Seller"),
        }
        for user in (self.people["middle"], self.people["own"]):
            user.department = self.sales
            user.save()
        self.trade()
        self.deals()
        self.money()
        self.articles()

    def moment(self) -> dt.datetime:
        """Mostly in November; some on its first and last midnight."""
        edges = [SPAN.start, SPAN.end, SPAN.start - dt.timedelta(seconds=1), SPAN.end - dt.timedelta(microseconds=1)]
        if self.rng.random() < 0.15:
            return self.rng.choice(edges)
        return at(1, 0) + dt.timedelta(minutes=self.rng.randrange(-40 * 1440, 29 * 1440))

    def held(self) -> dict[str, Any]:
        """Whose a row is, so that scopes differ."""
        return self.rng.choice(
            [{"owner": self.people["own"], "department": self.sales}, {"department": self.sales}, {}]
        )

    def cash(self) -> dict[str, Any]:
        return {"currency": self.rng.choice(["CNY", "CNY", "EUR"])}

    def trade(self) -> None:
        category = ProductCategory.objects.create(name=named("Printers"))
        Product.objects.create(code="P1", name=named("Printer"), category=category, price=10, currency="CNY")
        self.customers = [
            Customer.objects.create(
                name=f"Customer {number}", brand=self.brand, created_at=self.moment(), **self.held()
            )
            for number in range(12)
        ]
        Customer.objects.create(name="We", brand=self.brand, is_internal=True, created_at=at(5, 9))
        for number in range(45):
            gross = Decimal(self.rng.randrange(100, 99_999)) / 100
            Order.objects.create(
                brand=self.brand, customer=self.rng.choice(self.customers[:9]), gross=gross, placed_at=self.moment(),
                refunded=gross if number % 7 == 0 else 0, status=self.rng.choice(["placed", "paid", "cancelled"]),
                channel=self.rng.choice(["shop", "sales"]), **self.cash(),
            )  # fmt: skip
        compute_facts()

    def deals(self) -> None:
        stages = list(Stage.objects.filter(pipeline=Pipeline.objects.first(), kind="open"))
        reasons = list(LostReason.objects.all())
        for number in range(45):
            created, ending = self.moment(), self.rng.random()
            ended = created + dt.timedelta(hours=self.rng.randrange(1, 400))
            ends: dict[str, Any] = {"won_at": ended} if ending < 0.35 else {}
            if ending > 0.75:
                ends = {"lost_at": ended, "lost_reason": self.rng.choice(reasons)}
            stage = self.rng.choice(stages)
            Opportunity.objects.create(
                name=f"Deal {number}", brand=self.brand, customer=self.rng.choice(self.customers), created_at=created,
                pipeline=stage.pipeline, stage=stage, amount=Decimal(self.rng.randrange(0, 9_999_99)) / 100,
                probability=self.rng.choice([None, 5, 60]), expected_close=TODAY,
                source=self.rng.choice(["staff", "lead"]) if number else "staff", **ends, **self.held(), **self.cash(),
            )  # fmt: skip
            status = self.rng.choice(list(LeadStatus))
            converted = {"converted_at": self.moment()} if status == LeadStatus.CONVERTED else {}
            Lead.objects.create(
                name=f"Lead {number}", brand=self.brand, created_at=self.moment(), status=status,
                source=self.rng.choice(["web_form", "event"]), **converted, **self.held(),
            )  # fmt: skip
            state = self.rng.choice([QuoteState.DRAFT, QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.REJECTED])
            sent = {} if state == QuoteState.DRAFT else {"sent_at": self.moment(), "year": 2026, "number": number + 1}
            decided = {"decided_at": self.moment(), "decided_hash": "x"} if state in {"accepted", "rejected"} else {}
            Quote.objects.create(
                name=f"Quote {number}", brand=self.brand, customer=self.rng.choice(self.customers), state=state,
                language="en", valid_until=TODAY, gross=Decimal(self.rng.randrange(1, 99_999)) / 100, **sent, **decided,
                **self.held(), **self.cash(),
            )  # fmt: skip

    def money(self) -> None:
        for number in range(12):
            state = self.rng.choice(["active", "active", "draft", "cancelled"])
            contract = Contract.objects.create(
                name=f"Contract {number}", brand=self.brand, customer=self.rng.choice(self.customers), state=state,
                language="en", amount=1000, **({"year": 2026, "number": number + 1} if state != "draft" else {}),
                **({"signed_on": TODAY} if state != "draft" else {}), **self.held(), **self.cash(),
            )  # fmt: skip
            for position in (1, 2):
                Instalment.objects.create(
                    contract=contract, position=position, due_on=TODAY + dt.timedelta(days=self.rng.randrange(-40, 40)),
                    amount=500, paid=self.rng.choice([0, 200, 500]),
                )  # fmt: skip
            day = self.rng.choice([dt.date(2026, 11, 1), dt.date(2026, 11, 29), dt.date(2026, 11, 30), TODAY])
            Payment.objects.create(
                brand=self.brand, year=2026, number=number + 1, contract=contract, received_on=day,
                amount=Decimal(self.rng.randrange(1, 99_999)) / 100, currency=contract.currency,
            )  # fmt: skip

    def articles(self) -> None:
        shelf = Category.objects.create(brand=self.brand, name=named("Help"), slug="help")
        rows = [Article.objects.create(brand=self.brand, category=shelf, language="en") for _number in range(4)]
        for number in range(40):
            day = (self.moment()).astimezone(SHANGHAI).date()
            ArticleDay.objects.create(
                article=self.rng.choice(rows), language=self.rng.choice(["en", "zh-hans"]), day=day, slot=number,
                views=self.rng.randrange(4), from_form=self.rng.randrange(3), stuck=self.rng.randrange(2),
                sent=self.rng.randrange(2),
            )  # fmt: skip
            Feedback.objects.create(
                article=self.rng.choice(rows), language="en", helpful=self.rng.random() < 0.6, at=self.moment()
            )
        for number in range(5):
            settled = {"settled_at": at(3, 3)} if number == 4 else {}
            SearchMiss.objects.create(query=f"word {number}", language="en", count=number + 1, **settled)


Row = Any
Slow = Callable[[Sequence[Row]], Any]


def inside(column: str) -> Callable[[Row], bool]:
    """Rows whose moment lies in the span."""
    return lambda row: (value := getattr(row, column)) is not None and SPAN.start <= value < SPAN.end


def day_inside(column: str) -> Callable[[Row], bool]:
    return lambda row: dt.date(2026, 11, 1) <= getattr(row, column) < dt.date(2026, 11, 30)


def sums(amount: Callable[[Row], Decimal], code: Callable[[Row], str] = lambda row: row.currency) -> Slow:
    def add(rows: Sequence[Row]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            found[code(row)] += amount(row)
        return dict(found)

    return add


def means(amount: Callable[[Row], Decimal]) -> Slow:
    def mid(rows: Sequence[Row]) -> dict[str, Decimal]:
        found: dict[str, list[Decimal]] = defaultdict(list)
        for row in rows:
            found[row.currency].append(amount(row))
        return {code: sum(values) / len(values) for code, values in found.items()}

    return mid


def share(hit: Callable[[Row], bool]) -> Slow:
    return lambda rows: mean(float(hit(row)) for row in rows) if rows else None


def total(value: Callable[[Row], int]) -> Slow:
    return lambda rows: sum(value(row) for row in rows)


def facts(row: Customer) -> CustomerFacts | None:
    return CustomerFacts.objects.filter(customer=row).first()


def orders_of(row: Customer) -> list[Order]:
    return [order for order in Order.objects.filter(customer=row) if order.status != "cancelled"]


def bought(row: Customer) -> bool:
    return bool(orders_of(row))


def ordered(row: Customer) -> bool:
    return any(inside("placed_at")(order) for order in orders_of(row))


def before(row: Customer) -> bool:
    return any(order.placed_at < SPAN.start for order in orders_of(row))


def late(row: Customer) -> bool:
    known = facts(row)
    return known is not None and known.repurchase_due_on is not None and known.repurchase_due_on < TODAY


def placed(row: Order) -> bool:
    return row.status != "cancelled" and inside("placed_at")(row)


def is_open(row: Opportunity) -> bool:
    return row.won_at is None and row.lost_at is None


def ended(row: Opportunity) -> bool:
    return inside("won_at")(row) or inside("lost_at")(row)


def answered(row: Quote) -> bool:
    return row.state in {"accepted", "rejected"} and inside("decided_at")(row)


def accepted(row: Quote) -> bool:
    return row.state == "accepted" and inside("decided_at")(row)


def owed(row: Instalment) -> bool:
    return row.contract.state in {"active", "completed"} and row.paid < row.amount


def overdue(row: Instalment) -> bool:
    return owed(row) and row.due_on < TODAY


def lead_in(*statuses: str) -> Callable[[Row], bool]:
    return lambda row: inside("created_at")(row) and (not statuses or row.status in statuses)


def used(row: ArticleDay) -> bool:
    return day_inside("day")(row) and bool(row.views or row.from_form or row.stuck or row.sent)


def saved(rows: Sequence[ArticleDay]) -> int:
    return max(0, sum(row.from_form + row.stuck - row.sent for row in rows))


def saved_share(rows: Sequence[ArticleDay]) -> float | None:
    asking = sum(row.from_form + row.stuck for row in rows)
    return saved(rows) / asking if asking else None


def contract_code(row: Instalment) -> str:
    return row.contract.currency


def weighted(row: Opportunity) -> Decimal:
    return row.amount * row.chance / 100


def days_to_win(rows: Sequence[Opportunity]) -> float | None:
    return mean((row.won_at - row.created_at).total_seconds() for row in rows) if rows else None


#: Measure → the model it counts, which rows, and the figure of those.
SLOW: dict[str, tuple[Any, Callable[[Row], bool], Slow]] = {
    "customers.total": (Customer, lambda row: True, len),
    "customers.created": (Customer, inside("created_at"), len),
    "customers.buyers": (Customer, bought, len),
    "customers.returning": (Customer, bought, share(lambda row: len(orders_of(row)) >= 2)),
    "customers.at_risk": (Customer, lambda row: bought(row) and late(row), len),
    "customers.ordering": (Customer, ordered, len),
    "customers.repurchase_rate": (Customer, ordered, share(before)),
    "orders.placed": (Order, placed, len),
    "orders.amount": (Order, placed, sums(lambda row: row.gross)),
    "orders.refunded": (Order, placed, sums(lambda row: row.refunded)),
    "orders.mean": (Order, placed, means(lambda row: row.gross)),
    "sales.open": (Opportunity, is_open, len),
    "sales.open_amount": (Opportunity, is_open, sums(lambda row: row.amount)),
    "sales.weighted": (Opportunity, is_open, sums(weighted)),
    "sales.created": (Opportunity, inside("created_at"), len),
    "sales.created_amount": (Opportunity, inside("created_at"), sums(lambda row: row.amount)),
    "sales.won": (Opportunity, inside("won_at"), len),
    "sales.won_amount": (Opportunity, inside("won_at"), sums(lambda row: row.amount)),
    "sales.mean_deal": (Opportunity, inside("won_at"), means(lambda row: row.amount)),
    "sales.days_to_win": (Opportunity, inside("won_at"), days_to_win),
    "sales.lost": (Opportunity, inside("lost_at"), len),
    "sales.lost_amount": (Opportunity, inside("lost_at"), sums(lambda row: row.amount)),
    "sales.win_rate": (Opportunity, ended, share(lambda row: row.won_at is not None)),
    "leads.created": (Lead, lead_in(), len),
    "leads.taken_up": (Lead, lead_in("working", "qualified", "converted"), len),
    "leads.qualified": (Lead, lead_in("qualified", "converted"), len),
    "leads.became_customers": (Lead, lead_in("converted"), len),
    "leads.converted": (Lead, inside("converted_at"), len),
    "leads.conversion_rate": (Lead, lead_in(), share(lambda row: row.status == "converted")),
    "quotes.sent": (Quote, inside("sent_at"), len),
    "quotes.sent_amount": (Quote, inside("sent_at"), sums(lambda row: row.gross)),
    "quotes.accepted": (Quote, accepted, len),
    "quotes.accepted_amount": (Quote, accepted, sums(lambda row: row.gross)),
    "quotes.acceptance_rate": (Quote, answered, share(lambda row: row.state == "accepted")),
    "payments.received": (Payment, day_inside("received_on"), sums(lambda row: row.amount)),
    "payments.count": (Payment, day_inside("received_on"), len),
    "payments.outstanding": (Instalment, owed, sums(lambda row: row.amount - row.paid, contract_code)),
    "payments.overdue": (Instalment, overdue, sums(lambda row: row.amount - row.paid, contract_code)),
    "payments.overdue_count": (Instalment, overdue, len),
    "knowledge.views": (ArticleDay, used, total(lambda row: row.views)),
    "knowledge.asking": (ArticleDay, used, total(lambda row: row.from_form + row.stuck)),
    "knowledge.saved": (ArticleDay, used, saved),
    "knowledge.saved_rate": (ArticleDay, used, saved_share),
    "knowledge.verdicts": (Feedback, inside("at"), len),
    "knowledge.helped": (Feedback, inside("at"), share(lambda row: row.helpful)),
    "knowledge.missed": (SearchMiss, lambda row: row.settled_at is None, total(lambda row: row.count)),
    "knowledge.missed_words": (SearchMiss, lambda row: row.settled_at is None, len),
}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def end_of_november() -> Any:
    from crm.core import clock

    with clock.at(NOW):
        yield


def listed(measure: Measure, address: str, viewer: Actor) -> set[Any]:
    """The ids that the list behind an address shows."""
    query = urlsplit(address).query
    if measure.source.url_name == "knowledge:miss_list":
        return {row.pk for row in open_misses(viewer, parse_qs(query).get("q", [""])[0])}
    page = next(page for page in lists if page.url_name == measure.source.url_name)
    return set(rows_of_query(page, viewer, query).queryset().values_list("pk", flat=True))


def same(measure: Measure, figure: Figure, slow: Any) -> None:
    """A figure and its slow computation agree to the cent, the second, or the millionth."""
    if measure.unit == Unit.MONEY:
        assert set(figure.amounts) == set(slow), measure.key
        for code, amount in slow.items():
            assert abs(figure.amounts[code] - amount) < Decimal("0.01"), (measure.key, code)
    else:
        assert figure.value == pytest.approx(slow, rel=1e-6), measure.key


def test_every_declared_figure_has_a_slow_twin_or_another_test() -> None:
    declared = {measure.key for measure in measures if measure.key.startswith(WORLD)}
    assert declared == set(SLOW)
    for report in reports:
        assert report.url_name or report.wanted, report.key


def test_figures_equal_the_slow_computation_and_open_their_records_for_three_roles(world: World) -> None:
    seen: dict[str, int] = {}
    for who, user in world.people.items():
        viewer = actor_for(user)
        for key, (model, keep, slow) in SLOW.items():
            measure = measures[key]
            rows = model.objects.visible_to(viewer)
            rows = [row for row in (rows.external() if model is Customer else rows) if keep(row)]
            figure = metrics.figures([measure], viewer, SPAN)[key]
            same(measure, figure, slow(rows))
            counted = {getattr(row, measure.source.identity) for row in rows}
            assert listed(measure, metrics.address(measure, SPAN), viewer) == counted, (who, key)
            assert figure.base == len(counted), (who, key)
            assert counted or who != "wide", key
            seen[who] = seen.get(who, 0) + len(counted)
    assert seen["wide"] > seen["middle"] > seen["own"] > 0


def test_parts_and_steps_of_a_figure_open_their_records_and_add_up(world: World) -> None:
    viewer = actor_for(world.people["wide"])
    for report in reports:
        if not report.measures or not report.measures[0].startswith(WORLD) or report.is_funnel or not report.by:
            continue
        measure = report.wanted[0]
        if report.by == "time":
            parts = {
                first: (found[measure.key], span, {})
                for (first, found), span in zip(
                    metrics.by_step([measure], viewer, SPAN, "week").items(), SPAN.steps("week").values(), strict=True
                )
            }
        else:
            dims = [report.by, *([report.across] if report.across else [])]
            parts = {
                values: (found[measure.key], SPAN, {dim: [value] for dim, value in zip(dims, values, strict=True)})
                for values, found in metrics.by_part([measure], viewer, SPAN, dims).items()
            }
        for values, (figure, span, only) in parts.items():
            counted = listed(measure, metrics.address(measure, span, only), viewer)
            assert len(counted) == figure.base, (report.key, values)
        whole = metrics.figures([measure], viewer, SPAN)[measure.key]
        if measure.unit == Unit.COUNT and measure.source.identity == "pk":
            assert sum(figure.value or 0 for figure, _span, _only in parts.values()) == whole.value, report.key


def test_every_report_is_drawn_with_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    viewer = actor_for(world.people["wide"])
    for report in reports:
        if report.measures and report.is_open_to(viewer):
            board: Board = asked({"period": "365d" if report.by == "time" else "7d"}, viewer)
            with django_assert_max_num_queries(18):
                content = ReportCard(report).build(board)
            assert content.finding, report.key
            assert all(len(row) == len(content.columns) for row in content.rows), report.key
