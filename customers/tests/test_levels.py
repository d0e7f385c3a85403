"""Risk by signs and by hand, credit limits and reports, what an administrator decides, tasks that follow."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.planner.models import Task
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.figures import credit_asking
from customers.figures.computing import nightly
from customers.figures.flags import flags_of
from customers.figures.levels import why_risky
from customers.figures.signs import risk_signs
from customers.models import Credit, Customer, CustomerFacts
from customers.subscribers import figures

from .builders import make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def ordered(customer: Customer, price: int, channel: str = "sales", currency: str = "CNY") -> Any:
    line = NewLine(quantity=Decimal(1), unit_price=Decimal(price), name="Paper")
    values = {"channel": channel, "currency": currency}
    order = actions.place_order(actor=SYSTEM, customer=customer, lines=[line], values=values)
    figures(Activity.objects.latest("pk"))
    return order


def limited(customer: Customer, limit: int, currency: str = "CNY") -> Credit:
    return actions.set_credit_limit(actor=SYSTEM, customer=customer, limit=Decimal(limit), currency=currency)


def holds(customer: Customer, field: str, op: str, value: Any) -> bool:
    """Whether a condition holds, asked of the database and of the row, which have to agree."""
    condition = parse({"v": 1, "all": [{"field": f"customer.{field}", "op": op, "value": value}]}, "customer", SYSTEM)
    row = Customer.objects.get(pk=customer.pk)
    found = condition.filter(Customer.objects.filter(pk=row.pk)).exists()
    assert found == condition.matches(row)
    return found


def test_credit_used_is_open_orders_and_more_than_the_limit_is_a_risk() -> None:
    row, other = make_customer("Acme"), make_customer()
    ordered(row, 90)
    ordered(row, 500, "shop")  # paid at once
    ordered(row, 70, currency="USD")  # no rate
    credit = limited(row, 100)
    assert (credit.used, credit.left_out, credit.over_since, credit.percent) == (90, 1, None, 90)
    assert CustomerFacts.objects.get(customer=row).risk == "low"
    assert not holds(row, "risk_level", "is", "medium") and holds(other, "risk_level", "is", "none")
    order = ordered(row, 20)
    credit.refresh_from_db()
    facts = CustomerFacts.objects.get(customer=row)
    assert credit.used == 110 and credit.over_since is not None
    assert (facts.risk, facts.risk_points) == ("medium", 30) and facts.risk_since is not None
    assert why_risky(SYSTEM, facts) == ["¥110.00 of the credit limit of ¥100.00 are used"]
    assert holds(row, "credit_share", "at_least", 110) and holds(row, "credit_limit", "at_most", 100)
    told = Activity.objects.filter(type=251).order_by("pk")
    assert [activity.data["level"] for activity in told] == ["low", "medium"]
    reader = staff("customers.view", "orders.view")
    assert "Medium risk" in [flag.sentence for flag in flags_of(actor_for(reader), Customer.objects.get(pk=row.pk))]
    client = signed_in(reader)
    for url in (f"/customers/{row.number}/", "/customers/?own=1&risk=medium", "/customers/?own=1&credit=over"):
        assert "Acme" in client.get(url).content.decode()
    assert "Acme" not in client.get("/customers/?own=1&risk=none").content.decode()
    panel = client.get(reverse("ui:panel", args=["customer", row.pk, "customers.levels_customer"])).content.decode()
    assert "110%" in panel and "exceeded" in panel and "Set risk" not in panel
    actions.cancel_order(actor=SYSTEM, order=order, reason="wrong")
    figures(Activity.objects.latest("pk"))
    assert CustomerFacts.objects.get(customer=row).risk == "low"
    actions.set_credit_limit(actor=SYSTEM, customer=row, limit=None, currency="CNY")
    assert CustomerFacts.objects.get(customer=row).risk == "none"


def test_risk_by_hand_stands_above_the_signs_with_its_reason_and_needs_a_right() -> None:
    row, seller, keeper = make_customer(), staff("customers.view", "customers.update"), staff(
        "customers.view", "customers.credit"
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.set_risk(actor=actor_for(seller), customer=row, level="none", note="A friend")
    with pytest.raises(Invalid):
        actions.set_risk(actor=SYSTEM, customer=row, level="high")
    client = signed_in(keeper)
    assert (
        client.post(f"/customers/{row.number}/risk/", {"level": "high", "note": "Bank in trouble"}).status_code == 302
    )
    ordered(row, 90)
    nightly()
    facts = CustomerFacts.objects.get()
    assert (facts.risk, facts.risk_points) == ("high", 0)
    assert why_risky(SYSTEM, facts) == ["By hand: Bank in trouble"]
    assert client.post(f"/customers/{row.number}/credit/", {"limit": "-1", "currency": "CNY"}).status_code == 422
    assert client.post(f"/customers/{row.number}/credit/", {"limit": "50", "currency": "CNY"}).status_code == 302
    assert client.post(f"/customers/{row.number}/risk/", {"level": "", "note": ""}).status_code == 302
    assert CustomerFacts.objects.get().risk == "medium"


class Agency(ThreadingHTTPServer):
    """A credit agency on loopback; it gives its answers in turn and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers: list[tuple[int, str]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        agency: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        agency.asked.append((self.headers["Authorization"], body))
        status, text = agency.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def agency(settings: Any) -> Iterator[Agency]:
    server = Agency()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.CREDIT = {
        "source": "http", "url": f"http://127.0.0.1:{server.server_port}/reports", "host": "127.0.0.1",
        "token": "secret",
    }  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()


def test_a_credit_report_is_kept_with_source_and_day_and_a_silent_agency_changes_nothing(agency: Agency) -> None:
    row = make_customer("Acme", registration_code="91310000MA1FL4X094")
    agency.answers = [
        (200, '{"score": 22, "source": "Trust Ltd", "reported_on": "2026-11-02", "remark": "Pays late"}'),
        (200, '{"score": "good"}'), (503, "busy"), (404, ""),
    ]  # fmt: skip
    assert credit_asking.ask(row.pk)
    assert agency.asked[0] == (
        "Bearer secret", {"registration_code": "91310000MA1FL4X094", "name": "Acme", "number": row.label},
    )  # fmt: skip
    credit = Credit.objects.get()
    assert (credit.score, credit.source, credit.reported_on) == (22, "Trust Ltd", dt.date(2026, 11, 2))
    facts = CustomerFacts.objects.get()
    assert facts.risk == "medium" and why_risky(SYSTEM, facts) == ["Trust Ltd gives 22 of 100 points"]
    assert why_risky(actor_for(staff("customers.view")), facts) == ["Poor credit report"]
    for error in ("cannot be read", "503", "knows nothing"):
        assert not credit_asking.ask(row.pk)
        credit.refresh_from_db()
        assert error in credit.ask_error and credit.score == 22
    keeper = signed_in(staff("customers.view", "customers.credit"))
    panel = keeper.get(reverse("ui:panel", args=["customer", row.pk, "customers.levels_customer"])).content.decode()
    assert "22 of 100" in panel and "Trust Ltd" in panel and "knows nothing" in panel
    assert keeper.post(f"/customers/{row.number}/credit/ask/").status_code == 302


def test_reports_are_asked_for_when_they_are_old(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(credit_asking, "enqueue", lambda task, pk, **options: told.append(pk))
    never, fresh, old, without = (make_customer() for _number in range(4))
    for row in (never, fresh, old):
        limited(row, 100)
    now = clock.now()
    for row, days in ((fresh, 10), (old, 100)):
        at = now - dt.timedelta(days=days)
        Credit.objects.filter(customer=row).update(asked_at=at, reported_on=at.date(), score=80)
    assert credit_asking.ask_due() == 2 and sorted(told) == sorted([never.pk, old.pk])
    assert without.pk not in told


def test_without_an_agency_nobody_is_asked() -> None:
    row = make_customer()
    limited(row, 100)
    assert credit_asking.ask_due() == 0 and not credit_asking.ask(row.pk)
    with pytest.raises(Invalid):
        actions.ask_for_credit_report(actor=SYSTEM, customer=row)


def test_an_administrator_weighs_signs_and_asks_for_tasks() -> None:
    owner = staff("customers.view", "planner.work")
    row = make_customer("Acme", owner=owner)
    ordered(row, 90)
    limited(row, 50)
    assert CustomerFacts.objects.get().risk == "medium"
    client = signed_in(staff("customers.levels"))
    page = client.get("/customers/levels/").content.decode()
    assert all(str(sign.label) in page for sign in risk_signs)
    sent = {f"points_{sign.key.replace('.', '_')}": sign.points for sign in risk_signs} | {
        "medium_from": 25, "high_from": 50, "contract_medium": 1000, "contract_high": 2000, "credit_days": 0,
        "tasks": ["risk", "credit"], "task_days": 2, "months": 24, "days": 180, "min_buyers": 5, "min_percent": 10,
        "min_lift": "1.2",
    }  # fmt: skip
    wrong = client.post("/customers/levels/", {**sent, "high_from": 20})
    assert wrong.status_code == 422 and "has to begin above medium" in wrong.content.decode()
    assert client.post("/customers/levels/", {**sent, "points_customers_over_limit": 101}).status_code == 422
    assert client.post("/customers/levels/", {**sent, "points_customers_over_limit": 60}).status_code == 302
    nightly()
    assert CustomerFacts.objects.get().risk == "high"
    nightly()
    titles = sorted(Task.objects.filter(assignee=owner).values_list("title", flat=True))
    assert titles == [
        "Acme: the credit limit is exceeded, ¥90.00 of ¥50.00", "Acme: the risk is high. Speak to them"
    ]  # fmt: skip
    assert client.post("/customers/levels/", {**sent, "points_customers_over_limit": 0}).status_code == 302
    nightly()
    assert CustomerFacts.objects.get().risk == "none" and Task.objects.count() == 2


def test_a_merge_keeps_the_survivors_limit_and_counts_both(django_assert_max_num_queries: Any) -> None:
    one, two, three = make_customer(), make_customer(), make_customer()
    limited(one, 100), limited(two, 500)
    ordered(two, 150)
    actions.merge_customers(actor=SYSTEM, into=one, others=[two, three])
    figures(Activity.objects.latest("pk"))
    credit = Credit.objects.get(customer=one)
    assert (credit.limit, credit.used) == (100, 150)
    assert CustomerFacts.objects.get(customer=one).risk == "medium"
    many = [make_customer() for _number in range(12)]
    for row in many:
        limited(row, 10)
    with django_assert_max_num_queries(60):
        nightly()
