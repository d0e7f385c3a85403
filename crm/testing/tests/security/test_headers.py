"""What travels with every answer: policies for the browser, cookies, caches."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.launch.paths import BASE_DIR

from .world import World, addresses, make_settings, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


def test_pages_run_no_script_and_embed_nothing_from_elsewhere(world: World) -> None:
    policy = world.client("guest").get(reverse("help:home")).headers["Content-Security-Policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert parts["script-src"] == ["'self'"] and parts["style-src"] == ["'self'"]
    assert parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == ["'none'"]
    assert parts["form-action"] == ["'self'"]


def test_pages_behind_a_secret_are_kept_nowhere(world: World) -> None:
    real = addresses(world.own, make_settings(world.people["employee"]))
    for name in ("help:ticket_track", "help:ticket_sent", "help:ticket_rate", "console:password_set"):
        response = world.client("guest").get(reverse(name, kwargs=real[name]), follow=True)
        assert "no-store" in response.headers["Cache-Control"], name
    for name in ("help:ticket_track", "help:ticket_sent", "help:ticket_rate"):
        response = world.client("guest").get(reverse(name, kwargs=real[name]))
        assert "noindex" in response.headers["X-Robots-Tag"], name


def test_pages_of_staff_are_kept_in_no_shared_cache(world: World) -> None:
    """A proxy, or the next person at this machine, must not find them again after the sign-out."""
    for name in ("console:home", "tickets:ticket_list", "customers:customer_list", "ui:preferences_page"):
        response = world.client("administrator").get(reverse(name))
        assert "private" in response.headers.get("Cache-Control", ""), name
        assert "Cookie" in response.headers["Vary"], name


def test_a_file_is_a_download_in_a_sandbox(world: World) -> None:
    real = addresses(world.own, make_settings(world.people["employee"]))
    response = world.client("agent").get(reverse("files:attachment_download", kwargs=real["files:attachment_download"]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_a_session_is_new_at_sign_in_and_dead_after_the_password_changed(world: World) -> None:
    user = world.people["employee"]
    user.set_password("correct horse battery")
    user.save()
    client = Client()
    client.get(reverse("console:login"))
    old = Client()
    old.force_login(user)
    stolen = old.cookies["sessionid"].value
    client.cookies["sessionid"] = "fixed-by-somebody-else-000000000"
    client.post(reverse("console:login"), {"username": user.email, "password": "correct horse battery"})
    assert client.cookies["sessionid"].value not in {"fixed-by-somebody-else-000000000", stolen}
    assert old.get(reverse("console:home")).status_code == 200
    user.set_password("another horse battery")
    user.session_epoch += 1
    user.save()
    assert old.get(reverse("console:home")).status_code == 302


PRODUCTION = """
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
assert settings.SECURE_HSTS_SECONDS >= 31_536_000 and settings.SECURE_SSL_REDIRECT and not settings.DEBUG
assert not settings.USE_X_FORWARDED_HOST and "*" not in settings.ALLOWED_HOSTS
assert settings.SESSION_SERIALIZER.endswith("JSONSerializer") and settings.CELERY_ACCEPT_CONTENT == ["json"]
call_command("check", "--deploy", "--fail-level", "WARNING")
"""


def test_production_settings_are_strict() -> None:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL", "DATA_DIR")},
        "DJANGO_SETTINGS_MODULE": "crm.settings.prod",
        "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "BASE_URL": "https://desk.example",
        "ALLOWED_HOSTS": "desk.example",
    }
    run = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
