"""Log lines as key=value on standard output, with the id of the request that they belong to."""

import logging
import re
import uuid
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished, request_started

request_id: ContextVar[str] = ContextVar("request_id", default="")
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
NEEDS_QUOTES = re.compile(r'[\s"=]')


def _begin_request(environ: dict[str, Any] | None = None, **_: Any) -> None:
    """Take the proxy's id when it is harmless, else make one."""
    given = (environ or {}).get("HTTP_X_REQUEST_ID", "")
    request_id.set(given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex[:16])


def _end_request(**_: Any) -> None:
    """What the thread does next belongs to no request."""
    request_id.set("")


request_started.connect(_begin_request, dispatch_uid="crm.settings.logs")
request_finished.connect(_end_request, dispatch_uid="crm.settings.logs")


class KeyValueFormatter(logging.Formatter):
    """`time=… level=… logger=… request=… message="…"`, one line unless there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows it."""
        pairs = [
            ("time", self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")),
            ("level", record.levelname.lower()),
            ("logger", record.name),
            ("request", request_id.get()),
            ("message", record.getMessage()),
        ]
        line = " ".join(f"{key}={_quoted(value)}" for key, value in pairs if value)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


class SentByVisitors(logging.Filter):
    """What Django refuses with 400 (a thousand fields, a forged host) was sent by somebody: a warning in one line.

    Else anybody could fill the log with errors and tracebacks that are none.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; lowers what it lets through."""
        if record.name.startswith("django.security.") and record.levelno >= logging.ERROR:
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


def _quoted(value: str) -> str:
    flat = value.replace("\r", "\\r").replace("\n", "\\n")
    if NEEDS_QUOTES.search(flat):
        return '"' + flat.replace('"', '\\"') + '"'
    return flat


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard output, this project's loggers from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"key_value": {"()": "crm.settings.logs.KeyValueFormatter"}},
        "filters": {"sent_by_visitors": {"()": "crm.settings.logs.SentByVisitors"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "key_value",
                "filters": ["sent_by_visitors"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            # A 404 or 403 is no event of its own: the answer says what to do.
            "django.request": {"level": "ERROR"},
            # One line for each task that came and went would bury everything else; failures are errors.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django.server": {"handlers": ["console"], "propagate": False},
        },
    }
