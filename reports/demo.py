"""A dashboard of a team, one of the owner, and reports that are mailed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.accounts.access import actor_for
from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.core.demo import STAFF_HOST, DemoContext
from crm.core.sockets import DemoStep, demo

from .actions import add_tile, save_dashboard, save_mailed_report, set_first_dashboard, set_targets, shape_tile
from .choices import Audience, FileFormat, Frequency, Size
from .models import Dashboard

SERVICE = ("service-flow", "service-response", "service-satisfaction", "service-habits-value", "service-workload")
BUSINESS = ("sales-won", "sales-pipeline", "leads-funnel", "customers-rfm", "knowledge-use")


def load(context: DemoContext) -> None:
    """Targets of the service; dashboards and mails of the supervisor and of whoever leads the company."""
    set_targets(
        actor=Actor.system(), values={"tickets.sla_met": Decimal("0.95"), "tickets.satisfaction": Decimal("4.5")}
    )
    lead = User.objects.filter(email=f"supervisor@{STAFF_HOST}").first()
    if lead is not None:
        team = Team.objects.filter(pk__in=actor_for(lead).grants.team_ids).order_by("pk").first()
        audience = Audience.EVERYBODY if team is None else Audience.TEAM
        values = {"name": "客服晨会 Service stand-up", "period": "30d", "audience": audience, "team": team}
        row = _dashboard(lead, values, SERVICE)
        save_mailed_report(
            actor=actor_for(lead),
            values={
                "report": row, "frequency": Frequency.WEEKLY, "weekday": 4, "at": dt.time(17, 0), "period": "7d",
                "format": FileFormat.XLSX, "readers": [lead],
            },
        )  # fmt: skip
        save_mailed_report(
            actor=actor_for(lead),
            values={
                "report": "service-sla", "frequency": Frequency.WEEKLY, "weekday": 0, "at": dt.time(8, 0),
                "period": "7d", "format": FileFormat.XLSX, "readers": [lead],
            },
        )  # fmt: skip
    admin = User.objects.filter(email=f"admin@{STAFF_HOST}").first()
    if admin is not None:
        _dashboard(admin, {"name": "经营概览 Business", "period": "90d", "audience": Audience.EVERYBODY}, BUSINESS)
        save_mailed_report(
            actor=actor_for(admin),
            values={
                "report": "sales-won", "frequency": Frequency.MONTHLY, "day": 1, "at": dt.time(8, 30), "period": "30d",
                "format": FileFormat.CSV, "readers": [admin],
            },
        )  # fmt: skip
    context.progress.advance()


def _dashboard(owner: User, values: dict[str, Any], keys: tuple[str, ...]) -> Dashboard:
    """A dashboard with those reports, the first of them across the page."""
    actor = actor_for(owner)
    row = save_dashboard(actor=actor, values=values)
    for key in keys:
        row = add_tile(actor=actor, dashboard=row, report=key)
    row = shape_tile(actor=actor, dashboard=row, place=0, size=Size.FULL, period="")
    set_first_dashboard(actor=actor, dashboard=row)
    return row


demo.register(DemoStep("reports.dashboards", "Dashboards and reports by mail", load, 95))
