"""The suite's own floor: which servers it talks to, what it may not reach, what a test leaves behind."""

import os
import socket

import pytest
import redis
from django.conf import settings
from django.db import connection

from crm.launch.paths import BASE_DIR
from crm.testing.database import sources_of_the_template
from crm.testing.network import NetworkBlocked


@pytest.mark.django_db
def test_settings_point_at_the_throw_away_servers():
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "crm.settings.test"
    assert settings.DATABASES["default"]["NAME"].startswith("crm_test_")
    assert os.environ["REDIS_URL"] == settings.CELERY_BROKER_URL


@pytest.mark.django_db
def test_database_understands_chinese():
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('é'), current_setting('server_encoding')")
        assert cursor.fetchone() == ("É", "UTF8")


def test_broker_answers():
    client = redis.Redis.from_url(settings.REDIS_URL)
    assert client.ping()


def test_network_is_blocked_except_loopback():
    with pytest.raises(NetworkBlocked), socket.socket() as link:
        link.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("example.org", 80)
    assert socket.getaddrinfo("127.0.0.1", 80)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_transactional_tests_leave_seeded_rows_and_nothing_else(turn):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0
        cursor.execute("SELECT to_regclass('left_behind')")
        assert cursor.fetchone() == (None,)
        cursor.execute("CREATE TABLE left_behind (id int)")


def test_a_template_is_made_anew_when_anything_that_seeds_it_changes():
    known = {str(path.relative_to(BASE_DIR)) for path in sources_of_the_template()}
    assert {"sales/seeds/leads.py", "tickets/seeds.py", "sales/permissions/leads.py", "crm/messaging/mail_templates.py",
            "sales/migrations/0003_quotes.py"} <= known  # fmt: skip
