"""What brings people into live journeys: stays in segments, deeds, dates. Each is looked at once, in order."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Sequence
from functools import partial

from django.db import transaction

from crm.activity.models import Activity
from crm.core import clock
from crm.core.sockets import activity_types
from customers.models import Contact
from customers.segmenting.following import customers_of
from customers.segmenting.rights import company_time
from customers.segmenting.selectors import entries, last_entry

from ..choices.journeys import JourneyState, StartKind, VersionState
from ..models import Journey, JourneyVersion
from .dates import date_starts
from .entering import Newcomer, enter

#: Deeds that may start a journey: what customers do, or what happened to what is theirs.
DEEDS = (
    "customers.created", "customers.contact_added", "orders.placed", "orders.shipped", "orders.refunded",
    "tickets.submitted", "tickets.resolved", "tickets.rated", "leads.converted", "opportunities.created",
    "opportunities.won", "opportunities.lost", "quotes.sent", "quotes.accepted", "quotes.declined",
    "contracts.signed", "contracts.ending", "payments.received", "payments.overdue", "campaigns.registered",
    "campaigns.attended",
)  # fmt: skip
#: Stays that one look takes.
BATCH = 500
#: Days of dates that are made up for after an outage; older ones have passed.
DAYS_BACK = 7


def open_cursor(version: JourneyVersion) -> None:
    """Sets where the looks begin: whoever comes from now on, and dates from today on if the hour has not passed."""
    journey = version.journey
    journey.seen_entry = last_entry(version.segment_id) if version.segment_id else 0
    journey.seen_day = last_day(version)


def last_day(version: JourneyVersion) -> dt.date:
    """The last day whose hour has come, in the journey's zone."""
    local = clock.now().astimezone(zoneinfo.ZoneInfo(version.journey.timezone))
    return local.date() if local.hour >= version.hour else local.date() - dt.timedelta(days=1)


def follow_segments() -> int:
    """Whoever came into a segment that starts a journey. Returns how many came into journeys."""
    return sum(_look(pk, _from_segment) for pk in _live(StartKind.SEGMENT))


def follow_dates() -> int:
    """Whoever has one of the days that start a journey. Returns how many came into journeys."""
    return sum(_look(pk, _from_date) for pk in _live(StartKind.DATE))


def follow_deeds(activities: Sequence[Activity]) -> int:
    """Whoever did, or had done, what starts a journey. Running it again brings nobody in twice."""
    versions = JourneyVersion.objects.filter(
        state=VersionState.LIVE, start_kind=StartKind.DEED, deed__in={activity.key for activity in activities},
        journey__state=JourneyState.LIVE,
    )  # fmt: skip
    count = 0
    for journey, deed in versions.order_by("journey").values_list("journey", "deed"):
        people = [one for activity in activities if activity.key == deed for one in people_of(activity)]
        count += _look(journey, partial(enter, newcomers=people))
    return count


def people_of(activity: Activity) -> Iterator[Newcomer]:
    """The customers of a deed; the person, where its subject is one."""
    cause = f"deed:{activity.pk}"
    contact = activity.object_id if activity.kind_key == "contact" else None
    if contact is not None:
        for customer_id in Contact.objects.filter(pk=contact).values_list("customer_id", flat=True):
            yield Newcomer(customer_id, cause, contact)
        return
    for customer_id in sorted(customers_of(activity)):
        yield Newcomer(customer_id, cause)


def deeds() -> list[tuple[str, object]]:
    """What forms offer, in the words of the activity."""
    return [(key, activity_types[key].label) for key in DEEDS if key in activity_types]


def _live(kind: str) -> list[int]:
    rows = JourneyVersion.objects.filter(state=VersionState.LIVE, start_kind=kind, journey__state=JourneyState.LIVE)
    return list(rows.order_by("journey").values_list("journey", flat=True))


def _look(journey_id: int, find) -> int:  # type: ignore[no-untyped-def]
    """One look under the journey's lock, in one transaction with where the next one goes on."""
    with transaction.atomic():
        journey = Journey.objects.lock().select_related("brand", "owner").filter(
            pk=journey_id, state=JourneyState.LIVE
        ).first()  # fmt: skip
        version = journey.live if journey is not None else None
        if journey is None or version is None:
            return 0
        version.journey = journey
        found: int = find(version)
        return found


def _from_segment(version: JourneyVersion) -> int:
    journey, count = version.journey, 0
    if version.segment_id is None:
        return 0
    found = entries(version.segment_id, journey.seen_entry, BATCH)
    if found:
        count = enter(version, [Newcomer(stay.customer_id, f"stay:{stay.pk}") for stay in found])
        journey.seen_entry = found[-1].pk
        journey.save(update_fields=["seen_entry"])
    return count


def _from_date(version: JourneyVersion) -> int:
    """Day after day up to the last whose hour has come."""
    journey, last, count = version.journey, last_day(version), 0
    entry = date_starts().get(version.date_key)
    day = max(journey.seen_day or last, last - dt.timedelta(days=DAYS_BACK))
    if entry is None or day >= last:
        return 0
    while day < last:
        day += dt.timedelta(days=1)
        target = day - dt.timedelta(days=version.days_offset)
        with company_time():
            hits = list(entry.find(target, version.every_year))
        count += enter(version, [Newcomer(hit.customer_id, f"date:{hit.key}", hit.contact_id) for hit in hits])
    journey.seen_day = day
    journey.save(update_fields=["seen_day"])
    return count
