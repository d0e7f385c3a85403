"""Alive, ready, figures: red with a reason when a part is gone, green when it is back."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from crm.activity.models import Outbox
from crm.core import clock
from crm.jobs.heartbeat import FRESH_SECONDS, beat
from crm.jobs.models import Heartbeat, Job

from ..selectors.readiness import URGENT_SECONDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive() -> None:
    beat("scheduler")
    beat("worker")


def test_alive_asks_nobody() -> None:
    with mock.patch.object(connection, "cursor", side_effect=AssertionError("asked the database")):
        assert Client().get("/healthz").status_code == 200


@pytest.mark.usefixtures("alive")
def test_ready_when_everything_works() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200 and response.json()["reasons"] == []


@pytest.mark.parametrize("name", ["scheduler", "worker"])
@pytest.mark.usefixtures("alive")
def test_red_when_a_part_is_silent_and_green_when_it_is_back(name: str) -> None:
    assert FRESH_SECONDS <= 30
    Heartbeat.objects.filter(name=name).update(at=clock.now() - dt.timedelta(seconds=FRESH_SECONDS + 5))
    response = Client().get("/readyz", headers={"accept-language": "zh-CN"})
    assert response.status_code == 503
    assert response.json()["reasons"] == [f"{name}: Last seen {FRESH_SECONDS + 5} s ago"]
    beat(name)
    assert Client().get("/readyz").status_code == 200


def test_red_before_anything_ever_ran() -> None:
    Heartbeat.objects.all().delete()
    assert Client().get("/readyz").status_code == 503


@pytest.mark.usefixtures("alive")
def test_red_when_urgent_events_wait_and_not_for_those_put_back() -> None:
    row = Outbox.objects.create(
        lane="urgent", activity_id=1, available_at=clock.now() - dt.timedelta(seconds=URGENT_SECONDS + 5)
    )
    assert "urgent" in Client().get("/readyz").json()["reasons"][0]
    Outbox.objects.filter(pk=row.pk).update(available_at=clock.now() + dt.timedelta(minutes=5))
    assert Client().get("/readyz").status_code == 200


@pytest.mark.usefixtures("alive")
def test_red_without_the_broker() -> None:
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        assert Client().get("/readyz").json()["checks"]["broker"]["ok"] is False


def test_red_without_the_database_but_no_error() -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = Client().get("/readyz")
    assert response.status_code == 503 and len(response.json()["reasons"]) >= 4


def test_figures_are_for_this_machine_or_a_token() -> None:
    Job.objects.create(kind="x", label="x")
    text = Client().get("/metrics").content.decode()
    assert 'crm_jobs{state="waiting"} 1' in text and "crm_outbox_rows" in text
    outside = Client(REMOTE_ADDR="203.0.113.5")
    assert outside.get("/metrics").status_code == 403
    assert Client(headers={"x-forwarded-for": "203.0.113.5"}).get("/metrics").status_code == 403, "through a proxy"
    with override_settings(METRICS_TOKEN="s3cret"):
        assert outside.get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 200
        assert outside.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    assert outside.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403
