"""The demo's credit limits and reports, wishes, and every level and flag that follows from all the demo made before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.activity.recording import quietly
from crm.core import clock
from crm.core.actor import Actor
from crm.core.demo import DemoContext

from ..actions.risk import set_risk
from ..actions.wishes import close_wish, note_wish
from ..choices import WishState
from ..figures.analysis import compute_facts
from ..figures.credit import compute_credit
from ..figures.offering import compute_offers
from ..figures.pairing import compute_pairs
from ..figures.risk import compute_risk
from ..models import Credit, Customer, ProductCategory, Wish

_SYSTEM = Actor.system()
#: English, 中文, category's English name, budget from and up to, words, days until.
WISHES: tuple[tuple[str, str, str, int | None, int | None, str, int | None], ...] = (
    ("A faster printer for the second line", "二线需要更快的打印机", "Printers", 2000, 9000, "", 60),
    ("Cheap scanners for the shop floor", "车间用的便宜扫描枪", "", None, 600, "scanner 扫描枪", None),
    ("Tracing software for all warehouses", "所有仓库的溯源软件", "Software", 5000, 20000, "", 90),
    ("Somebody to look after the printers", "打印机维保", "Services", None, 2000, "", None),
    ("A printer that prints in colour", "能彩色打印的打印机", "Printers", None, 900, "colour 彩色", 120),
)
#: Limits in CNY, and what the agency says.
LIMITS = ((20_000, 35, "Pays late, two court cases"), (80_000, 61, ""), (200_000, 88, ""), (500_000, None, ""))


def make_levels(context: DemoContext) -> None:
    """Limits for those who owe most, wishes of companies, one risk by hand; then everything is computed."""
    rng = context.rng("levels")
    companies = list(Customer.objects.external().filter(kind="company", owner__isnull=False).order_by("pk")[:80])
    with quietly():
        _limits(companies)
        if companies:
            why = "Their bank was taken over; wait for the new guarantee"
            set_risk(actor=_SYSTEM, customer=companies[-1], level="medium", note=why)
        for number, company in enumerate(rng.sample(companies, min(len(companies), 12))):
            _wish(company, WISHES[number % len(WISHES)], closed=number >= 10)
        compute_facts()
        compute_credit()
        compute_risk()
        compute_pairs()
        compute_offers()


def _limits(companies: list[Customer]) -> None:
    """Every fourth company has a limit, and most of those a report."""
    today = clock.today()
    rows = []
    for number, company in enumerate(companies[::4]):
        limit, score, remark = LIMITS[number % len(LIMITS)]
        row = Credit(customer=company, limit=Decimal(limit), currency=company.brand.currency)
        if score is not None:
            row.score, row.remark, row.source = score, remark, "Demo Credit Agency"
            row.reported_on = today - dt.timedelta(days=10 + number)
            row.asked_at = clock.now() - dt.timedelta(days=10 + number)
        rows.append(row)
    Credit.objects.bulk_create(rows)


def _wish(company: Customer, wanted: tuple[Any, ...], *, closed: bool) -> None:
    english, chinese, shelf, low, high, words, days = wanted
    shelves = {row.name.get("en"): row for row in ProductCategory.objects.all()}
    values = {
        "name": chinese if company.language == "zh-hans" else english, "category": shelves.get(shelf),
        "budget_from": None if low is None else Decimal(low), "budget_to": None if high is None else Decimal(high),
        "currency": "CNY", "words": words, "until": clock.today() + dt.timedelta(days=days) if days else None,
    }  # fmt: skip
    wish: Wish = note_wish(actor=_SYSTEM, customer=company, values=values)
    if closed:
        close_wish(actor=_SYSTEM, wish=wish, state=WishState.MET)
