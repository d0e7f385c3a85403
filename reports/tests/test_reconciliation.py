"""Each declared figure equals a separate slow computation and opens exactly its records, for three roles."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.console.actions.demo import load_demo
from crm.core import clock
from crm.core.demo import STAFF_HOST, DemoContext, Progress
from crm.core.gallery import reports
from crm.core.metrics import measures
from reports.board import company_zone
from reports.periods import last_days

from .reconciling import reconcile
from .twins import TWINS
from .world import SPAN, World

pytestmark = pytest.mark.django_db


def test_every_measure_has_a_slow_twin_and_every_report_its_measures() -> None:
    assert {measure.key for measure in measures} == set(TWINS)
    for report in reports:
        assert report.url_name or report.wanted, report.key


def test_figures_equal_their_twins_for_three_roles(world: World) -> None:
    seen: dict[str, int] = {}
    for who, user in world.people.items():
        counts, wrong = reconcile(actor_for(user), SPAN)
        assert not wrong, (who, wrong)
        assert who != "wide" or all(counts.values()), [key for key, count in counts.items() if not count]
        seen[who] = sum(counts.values())
    assert seen["wide"] > seen["middle"] > seen["own"] > 0


@pytest.mark.slow
def test_figures_of_the_demo_equal_their_twins_for_three_roles() -> None:
    now = clock.now().replace(second=0, microsecond=0)
    load_demo(DemoContext(seed=1, tickets=300, customers=60, now=now, progress=Progress()))
    span = last_days(90, company_zone()).span
    for name in ("admin", "supervisor", "zhou.min"):
        viewer = actor_for(User.objects.get(email=f"{name}@{STAFF_HOST}"))
        with clock.at(now + dt.timedelta(minutes=1)):
            counts, wrong = reconcile(viewer, span)
        assert not wrong, (name, wrong)
        assert sum(counts.values()) > 100
