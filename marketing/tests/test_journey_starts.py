"""What brings people into journeys: stays in segments, deeds, dates; and who comes in again."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from crm.activity.models import Activity
from crm.core import clock
from crm.core.sockets import activity_types
from crm.fields.tests.builders import make_field
from customers.actions.segments import remove_from_segment
from customers.models import CustomerFacts
from marketing.journeys.dates import date_starts
from marketing.models import Enrolment

from .builders import SYSTEM, make_reader, make_segment
from .journey_builders import go, join, later, make_journey, named, one, wait, walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("rule", "soon", "at_last"), [("never", 1, 1), ("after", 1, 2), ("always", 2, 3)])
def test_who_was_in_it_comes_in_again_as_the_rule_says(rule, soon, at_last):
    segment, reader = make_segment(), make_reader()
    journey = make_journey(segment, reentry=rule, reentry_days=10)
    wait(journey)
    go(journey)
    for days in (0, 2, 14):
        with later(days):
            join(segment, reader)
            walk(), walk(1.5)
            remove_from_segment(actor=SYSTEM, segment=segment, customers=[reader.customer])
        if days == 2:
            assert Enrolment.objects.count() == soon
    assert Enrolment.objects.count() == at_last


def test_a_deed_starts_once_and_only_for_whom_the_condition_holds():
    from marketing.journeys.starts import follow_deeds

    journey = make_journey(start_kind="deed", deed="customers.contact_added",
                           condition=named("Acme"))  # fmt: skip
    wait(journey)
    go(journey)
    acme, other = make_reader(), make_reader()
    type(acme.customer).objects.filter(pk=acme.customer_id).update(name="Acme")
    for contact in (acme, other):
        deed = Activity(
            type=activity_types["customers.contact_added"].code, kind=131, object_id=contact.pk, actor_kind=1,
            at=clock.now(), data={},
        )  # fmt: skip
        deed.save()
        follow_deeds([deed]), follow_deeds([deed])
    person = one(journey)
    assert person.contact == acme and person.cause.startswith("deed:")


def test_dates_come_once_at_their_hour_in_the_zone():
    customer = make_reader().customer
    today = dt.datetime(2027, 5, 10, 8, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
    with clock.at(today):
        journey = make_journey(start_kind="date", date_key="customer.next_order", days_offset=-7, hour=9)
        wait(journey)
        go(journey)
        type(customer).objects.filter(pk=customer.pk).update(created_at=today)
        CustomerFacts.objects.update_or_create(customer=customer, defaults={"repurchase_due_on": dt.date(2027, 5, 17)})
        walk()
        assert Enrolment.objects.count() == 0, "nine o'clock has not come"
        walk(1 / 24), walk(2 / 24)
        assert one(journey).cause == f"date:2027-05-17:{customer.pk}"
        walk(3)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "comes"), [((2027, 2, 28), True), ((2028, 2, 28), False), ((2028, 2, 29), True), ((2028, 3, 1), False)]
)
def test_who_was_born_on_a_29_february_is_met_every_year(day, comes):
    make_field("date", key="birthday", kind="contact")
    person = make_reader()
    type(person).objects.filter(pk=person.pk).update(custom={"birthday": "1996-02-29"})
    hits = list(date_starts()["contact.custom_birthday"].find(dt.date(*day), True))
    assert [hit.contact_id for hit in hits] == ([person.pk] if comes else [])
    customer = make_reader().customer
    type(customer).objects.filter(pk=customer.pk).update(created_at=dt.datetime(1996, 2, 29, 12, tzinfo=dt.UTC))
    found = [hit.customer_id for hit in date_starts()["customer.created"].find(dt.date(*day), True)]
    assert (customer.pk in found) is comes
