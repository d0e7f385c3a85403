"""Two workers at one campaign, and at one journey."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.messaging.models import OutgoingMail
from customers.actions.segments import add_to_segment
from marketing.actions import begin, schedule_campaign, send_batch
from marketing.journeys.starts import follow_segments
from marketing.journeys.walking import walk_batch
from marketing.models import Enrolment, Recipient

from .builders import SYSTEM, make_campaign, make_reader, make_segment
from .journey_builders import go, mail, make_journey

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_freeze_once_and_send_to_each_person_once() -> None:
    people = [make_reader() for _number in range(6)]
    campaign = make_campaign(*people)
    schedule_campaign(actor=SYSTEM, record=campaign)

    def work(_number: int) -> int:
        try:
            begin(actor=SYSTEM, campaign_id=campaign.pk)
            return sum(send_batch(actor=SYSTEM, campaign_id=campaign.pk, size=2) for _batch in range(6))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    while send_batch(actor=SYSTEM, campaign_id=campaign.pk, size=2):
        pass
    assert Recipient.objects.filter(campaign=campaign, state="queued").count() == len(people)
    assert OutgoingMail.objects.count() == len(people)
    assert OutgoingMail.objects.values("to_email").distinct().count() == len(people)


def test_two_workers_walk_a_journey_and_everybody_takes_every_step_once() -> None:
    segment = make_segment()
    journey = make_journey(segment)
    mail(journey, "First"), mail(journey, "Second")
    go(journey)
    people = [make_reader() for _number in range(5)]
    add_to_segment(actor=SYSTEM, segment=segment, customers=[contact.customer for contact in people])

    def work(_number: int) -> int:
        try:
            follow_segments()
            return sum(walk_batch(size=2) for _batch in range(6))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    while walk_batch(size=2):
        pass
    assert Enrolment.objects.filter(state="completed").count() == Enrolment.objects.count() == len(people)
    sent = OutgoingMail.objects.values_list("to_email", "subject")
    assert len(sent) == len(set(sent)) == 2 * len(people)
