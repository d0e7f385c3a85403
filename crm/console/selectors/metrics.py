"""Figures for Prometheus, in its text format."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min

from crm.activity.dispatch import LANES
from crm.activity.models import DeadDelivery, Outbox
from crm.core import clock
from crm.jobs.choices import JobState
from crm.jobs.models import Heartbeat, Job
from crm.messaging.models import OutgoingMail, OutgoingSms

Sample = tuple[str, float]


def exposition() -> str:
    """Every figure, each family with its help and type."""
    lines: list[str] = []
    for name, about, samples in _families():
        lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
        lines += [f"{name}{labels} {value:g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _families() -> Iterator[tuple[str, str, list[Sample]]]:
    now = clock.now()
    states = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    yield "crm_jobs", "Jobs by state.", [(f'{{state="{s}"}}', states.get(s, 0)) for s in JobState.values]
    lanes = {
        row["lane"]: row
        for row in Outbox.objects.order_by().values("lane").annotate(n=Count("pk"), oldest=Min("available_at"))
    }
    yield (
        "crm_outbox_rows",
        "Events waiting for delivery by lane.",
        [(f'{{lane="{lane}"}}', lanes[lane]["n"] if lane in lanes else 0) for lane in LANES],
    )
    yield (
        "crm_outbox_oldest_seconds",
        "Age of the oldest due event by lane.",
        [
            (f'{{lane="{lane}"}}', max(0.0, (now - lanes[lane]["oldest"]).total_seconds()) if lane in lanes else 0)
            for lane in LANES
        ],
    )
    yield "crm_dead_deliveries", "Deliveries given up.", [("", DeadDelivery.objects.count())]
    yield (
        "crm_heartbeat_age_seconds",
        "Time since each part proved that it works.",
        [
            (f'{{name="{name}"}}', (now - at).total_seconds())
            for name, at in Heartbeat.objects.values_list("name", "at")
        ],
    )
    mails = OutgoingMail.objects.order_by().values_list("state").annotate(n=Count("pk"))
    yield "crm_outgoing_mail", "Outgoing mail by state.", [(f'{{state="{state}"}}', n) for state, n in mails]
    texts = OutgoingSms.objects.order_by().values_list("state").annotate(n=Count("pk"))
    yield "crm_outgoing_sms", "Text messages by state.", [(f'{{state="{state}"}}', n) for state, n in texts]
