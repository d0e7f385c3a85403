"""Settings: production refuses defaults, every variable is documented, a dead broker holds nothing up."""

import os
import re
import subprocess
import sys
import time

import pytest
from kombu.exceptions import OperationalError

from crm.launch.paths import BASE_DIR
from crm.settings import env

PAGE = BASE_DIR / "docs" / "configuration.md"
PRODUCTION = {
    "SECRET_KEY": "a-long-key-that-only-this-test-knows-0123456789-and-so-on",
    "DATABASE_URL": "postgres://crm:secret@db.example/crm",
    "REDIS_URL": "redis://redis.example/0",
    "BASE_URL": "https://desk.example",
    "ALLOWED_HOSTS": "desk.example",
    "DJANGO_SETTINGS_MODULE": "crm.settings.prod",
}


def run(*words, **extra):
    """A process with a bare environment plus `extra`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=BASE_DIR,
        env={**kept, **extra},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_lists_everything_that_is_missing():
    given = {key: value for key, value in PRODUCTION.items() if key in ("BASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = run("-c", "import crm.settings.prod", **given)
    assert done.returncode
    assert "Set SECRET_KEY, DATABASE_URL, REDIS_URL, ALLOWED_HOSTS; docs/configuration.md" in done.stderr


def test_production_settings_pass_the_deployment_check():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_every_variable_is_documented_and_every_documented_one_is_read():
    files = [*(BASE_DIR / "crm/settings").glob("*.py"), *(BASE_DIR / "crm/launch").glob("*.py")]
    files += [BASE_DIR / "crm/testing/services.py"]
    code = "".join(path.read_text() for path in files)
    read = set(re.findall(r"""env\.(?:text|flag|number|words|networks|email|sms|credit)\(\s*["']([A-Z_]+)""", code))
    read |= set(re.findall(r"""os\.environ(?:\.get\(|\[)["'](\w+)""", code))
    private = {"PATH", "CRM_TEST_REDIS", "CRM_FAILED_CHECKS", "PYTEST_XDIST_WORKER", "NO_COLOR"}
    private |= {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", PAGE.read_text(), flags=re.MULTILINE))
    assert documented - read == {"PYTHON"}  # read by bin/find-python
    assert read - documented - private == set()


def test_static_files_can_be_collected(tmp_path):
    """Every file that a style sheet names is there, or the manifest could not be made."""
    done = run("manage.py", "collectstatic", "--noinput", "-v0", STATIC_ROOT=str(tmp_path / "static"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("console://", {"EMAIL_BACKEND": "console"}),
        ("file:///tmp/mail%20box", {"EMAIL_BACKEND": "filebased", "EMAIL_FILE_PATH": "/tmp/mail box"}),
        (
            "smtp://mail",
            {"EMAIL_HOST": "mail", "EMAIL_PORT": 25, "EMAIL_USE_TLS": False, "EMAIL_HOST_USER": ""},
        ),
        (
            "smtp://me%40desk:p%3Aw@mail:2525?tls=1",
            {
                "EMAIL_PORT": 2525,
                "EMAIL_USE_TLS": True,
                "EMAIL_HOST_USER": "me@desk",
                "EMAIL_HOST_PASSWORD": "p:w",
            },
        ),
        ("smtps://mail", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
    ],
)
def test_mail_address(monkeypatch, address, expected):
    monkeypatch.setenv("EMAIL_URL", address)
    found = env.email("EMAIL_URL", "console://")
    found["EMAIL_BACKEND"] = found["EMAIL_BACKEND"].split(".")[-2]
    expected.setdefault("EMAIL_BACKEND", "smtp")
    assert expected.items() <= found.items()


@pytest.mark.parametrize("address", ["mail.example", "smtp://", "smtp://mail:seven", "file://", "pop3://mail"])
def test_wrong_mail_address_is_refused_without_repeating_a_password(monkeypatch, address):
    monkeypatch.setenv("EMAIL_URL", address)
    with pytest.raises(env.WrongSetting, match="EMAIL_URL"):
        env.email("EMAIL_URL", "console://")


def test_wrong_numbers_and_flags_are_refused(monkeypatch):
    monkeypatch.setenv("THING", "maybe")
    with pytest.raises(env.WrongSetting, match="THING is 'maybe'"):
        env.flag("THING")
    with pytest.raises(env.WrongSetting, match="whole number"):
        env.number("THING", 1)


def test_publishing_gives_up_at_once_when_the_broker_is_gone():
    from celery import Celery
    from django.conf import settings

    app = Celery("lonely", broker="redis://127.0.0.1:1/0")
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    began = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("anything", retry=False, ignore_result=True)
    assert time.monotonic() - began < 1.5


def test_queues_follow_the_first_word_of_the_name():
    from crm.celery import app, queue_for

    assert app.conf.task_routes == (queue_for,)
    assert queue_for("urgent.assign") == {"queue": "urgent"}
    assert queue_for("tickets.assign") == {"queue": "default"}


def test_log_lines_are_one_line_of_pairs():
    import logging

    from crm.settings.logs import KeyValueFormatter, request_id

    request_id.set("r-1")
    record = logging.LogRecord("crm.x", logging.INFO, "f", 1, 'said "hi"\nlevel=%s', ("high",), None)
    line = KeyValueFormatter().format(record)
    assert "\n" not in line
    assert line.endswith('logger=crm.x request=r-1 message="said \\"hi\\"\\nlevel=high"')
    request_id.set("")


def test_what_a_visitor_sent_is_a_warning_in_one_line():
    import logging

    from crm.settings.logs import KeyValueFormatter, SentByVisitors, configuration

    assert configuration("INFO")["handlers"]["console"]["filters"] == ["sent_by_visitors"]
    for name, word in (("django.security.TooManyFieldsSent", "warning"), ("django.request", "error")):
        try:
            raise ValueError("Max number of fields exceeded")
        except ValueError as error:
            cause = (ValueError, error, error.__traceback__)
        record = logging.LogRecord(name, logging.ERROR, "f", 1, "refused", (), cause)
        assert SentByVisitors().filter(record)
        line = KeyValueFormatter().format(record)
        assert f"level={word}" in line and ("\n" in line) == (word == "error")
