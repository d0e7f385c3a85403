"""Who knows how customers pay: an agency behind one address, chosen by `CREDIT_URL`, the same call whoever it is.

The documented gateway (docs/howto/credit-data.md) is one POST of JSON with a bearer token:

    {"registration_code": "91310000…", "name": "Acme 有限公司", "number": "C-10482"}

answered 200 by {"score": 0 … 100, "source": "…", "reported_on": "2026-11-02", "remark": "…"}, of which score alone is
needed, or 404 where nothing is known. Agencies differ; a few lines in front of one make it speak so.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.outbound import AddressRefused, Unreachable, post
from crm.core.text import clean_line


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a report is about. registration_code: empty for persons, and where nobody entered it."""

    registration_code: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is known. score: 0 (do not deliver) to 100 (no doubt)."""

    score: int
    source: str
    reported_on: dt.date
    remark: str = ""


class NoReport(Exception):
    """Why there is none, in a sentence for whoever asked. is_final: asking again soon would not help."""

    def __init__(self, reason: Any, *, is_final: bool = False) -> None:
        super().__init__(str(reason))
        self.is_final = is_final


class CreditSource(ABC):
    """A place to ask. `name` is what Settings shows; `is_on`: whether it may be asked at all."""

    name: Any = ""
    is_on = True

    def __init__(self, options: dict[str, str]) -> None:
        self.options = options

    @abstractmethod
    def ask(self, question: Question) -> Report:
        """Asks once, outside any transaction, within ten seconds. Raises `NoReport`."""


class NoSource(CreditSource):
    """Nobody is asked."""

    name = _("Nobody is asked")
    is_on = False

    def ask(self, question: Question) -> Report:
        raise NoReport(_t("No agency is set. Set CREDIT_URL"), is_final=True)


class ConsoleSource(CreditSource):
    """For development and demonstration: the same made-up score for the same code, every time."""

    name = _("Made-up scores (nobody is asked)")

    def ask(self, question: Question) -> Report:
        score = zlib.crc32((question.registration_code or question.name).encode()) % 101
        return Report(score, "console", clock.today(), _t("Made up, for trying out"))


class HttpSource(CreditSource):
    """The documented gateway."""

    name = _("Gateway over HTTP")

    def ask(self, question: Question) -> Report:
        """Asks the gateway; 404 says that nothing is known, other refusals that asking later may help."""
        body = {"registration_code": question.registration_code, "name": question.name, "number": question.number}
        headers = {"Authorization": f"Bearer {self.options['token']}", "Content-Type": "application/json"}
        try:
            answer = post(self.options["url"], json.dumps(body).encode(), headers)
        except (AddressRefused, Unreachable) as error:
            raise NoReport(_t("The gateway cannot be reached: %(error)s") % {"error": error}) from error
        if answer.status == 404:
            raise NoReport(_t("The agency knows nothing of them"), is_final=True)
        if answer.status != 200:
            raise NoReport(_t("The gateway answered %(status)s") % {"status": answer.status})
        try:
            return read(json.loads(answer.text), self.options["host"])
        except (ValueError, TypeError, AttributeError) as error:
            raise NoReport(_t("The gateway's answer cannot be read")) from error


def read(answer: Any, host: str) -> Report:
    """A gateway's answer. Raises `ValueError`, `TypeError` or `AttributeError` for one that is none."""
    score = answer.get("score")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 100:
        raise ValueError("score")
    day = answer.get("reported_on")
    return Report(
        round(score), clean_line(str(answer.get("source") or host), 60),
        dt.date.fromisoformat(day) if day else clock.today(), clean_line(str(answer.get("remark") or ""), 300),
    )  # fmt: skip


def credit_source() -> CreditSource:
    """The one that `CREDIT_URL` names."""
    sources: dict[str, type[CreditSource]] = {"none": NoSource, "console": ConsoleSource, "http": HttpSource}
    return sources[settings.CREDIT["source"]](settings.CREDIT)
