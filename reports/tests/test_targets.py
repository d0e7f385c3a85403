"""Targets of the service: who sets them, and where they are marked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.core.metrics import measures
from reports.actions import set_targets
from reports.models import ServiceTarget
from reports.targets import judged, targets

from .builders import Desk, person
from .test_views import HTMX, browser, card_url

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_targets_are_set_in_percent_and_taken_away_again() -> None:
    boss = browser(person("reports.set_targets", "reports.view_board"))
    assert boss.post("/reports/targets/", {"sla_met": "92.5", "satisfaction": "4.5"}).status_code == 302
    assert targets() == {"tickets.sla_met": 0.925, "tickets.satisfaction": 4.5}
    assert 'value="92.5"' in boss.get("/reports/targets/").content.decode()
    for wrong in ("0", "101", "ninety"):
        assert boss.post("/reports/targets/", {"sla_met": wrong, "satisfaction": "4.5"}).status_code == 422
    assert boss.post("/reports/targets/", {"sla_met": "", "satisfaction": "4.5"}).status_code == 302
    assert targets() == {"tickets.satisfaction": 4.5}
    with pytest.raises(Invalid):
        set_targets(actor=SYSTEM, values={"tickets.open": Decimal(3)})


def test_a_target_is_marked_on_the_board_and_without_one_nothing_is(week: Desk) -> None:
    boss: Client = browser(person("tickets.view", "reports.view_board", scope=Scope.ALL))

    def drawn(key: str) -> str:
        return boss.get(card_url(key), headers=HTMX).content.decode()

    assert "arget" not in drawn("sla") + drawn("period")
    set_targets(actor=SYSTEM, values={"tickets.sla_met": Decimal("0.95")})
    assert '"mark": {"value": 95.0, "name": "Target 95%"}' in drawn("sla")
    assert "below the target of 95%" in drawn("period")
    ServiceTarget.objects.update(value=Decimal("0.01"))
    assert "on target (1%)" in drawn("period")
    assert judged(measures["tickets.sla_met"], None, 0.95) == ""
