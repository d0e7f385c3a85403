"""Several workers at one mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import connection

from crm.messaging import delivery
from crm.messaging.delivery import deliver
from crm.messaging.models import OutgoingMail

from .builders import mail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(function, count=6):
    def call(number):
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def test_six_workers_send_it_once(smtp):
    queued = mail()
    assert sorted(at_once(lambda _number: deliver(queued.pk))) == [False] * 5 + [True]
    assert len(smtp.messages) == 1


def test_the_server_is_talked_to_outside_any_transaction(smtp):
    seen = []
    real = delivery.get_connection

    def spy():
        seen.append((connection.in_atomic_block, OutgoingMail.objects.get().state))
        return real()

    with patch.object(delivery, "get_connection", side_effect=spy):
        deliver(mail().pk)
    assert seen == [(False, "sending")]


def test_one_reason_at_the_same_moment_is_one_mail():
    ids = at_once(lambda number: mail(dedupe_key="received:7", to_email=f"{number}@example.com").pk)
    assert len(set(ids)) == 1
    assert OutgoingMail.objects.count() == 1
