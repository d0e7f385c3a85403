"""Two workers at one campaign."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.messaging.models import OutgoingMail
from marketing.actions import begin, schedule_campaign, send_batch
from marketing.models import Recipient

from .builders import SYSTEM, make_campaign, make_reader

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
