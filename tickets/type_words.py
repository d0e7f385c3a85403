"""Request types and their questions in plain sentences, for the screens of those who set them up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.calendars.words import duration_text
from crm.conditions.sentences import sentence
from crm.core import clock
from crm.core.actor import Actor
from crm.core.text import listed
from crm.fields.answers import ANSWERS, catalogue_of

from .choices import Audience, Required, Shown
from .models import RequestType, RequestTypeQuestion

#: How far back a type's tickets are counted.
RECENT = dt.timedelta(days=30)


def asked_by(row: RequestType) -> str:
    """Who may ask for that type."""
    return listed(Audience(value).label for value in row.audiences) or _("Staff only")


def promise_of(row: RequestType) -> str:
    """The type's own times, "" where it has none."""
    words = []
    if row.first_response_minutes:
        words.append(_("first answer within %(time)s") % {"time": _time(row.first_response_minutes)})
    if row.resolution_minutes:
        words.append(_("solved within %(time)s") % {"time": _time(row.resolution_minutes)})
    return " · ".join(words)


def sentence_of(row: RequestType, questions: int) -> str:
    """What the type does, in one line. questions: how many it asks."""
    parts = [_("Goes to %(team)s") % {"team": row.team.name}]
    if questions:
        parts.append(ngettext("asks %(count)s question", "asks %(count)s questions", questions) % {"count": questions})
    parts.append(promise_of(row) or _("times of the SLA policy"))
    return " · ".join(parts)


def recent_url(row: RequestType) -> str:
    """The list of the type's tickets of the last 30 days."""
    since = (clock.now() - RECENT).replace(microsecond=0).isoformat()
    return f"{reverse('tickets:ticket_list')}?{urlencode({'view': 'all', 'type': row.key, 'created_from': since})}"


def rule_of(row: RequestTypeQuestion, questions: Sequence[RequestTypeQuestion], viewer: Actor) -> str:
    """When a question is asked and must be answered. questions: all of the type."""
    when = ""
    if row.condition:
        when = sentence(row.condition, ANSWERS, viewer, catalogue=catalogue_of([entry.field for entry in questions]))
    if row.shown == Shown.WHEN:
        must = row.required != Required.NEVER
        text = _("Asked when: %(condition)s Must then be answered.") if must else _("Asked when: %(condition)s")
        return text % {"condition": when}
    if row.required == Required.WHEN:
        return _("Must be answered when: %(condition)s") % {"condition": when}
    return _("Must be answered") if row.required == Required.ALWAYS else _("Optional")


def _time(minutes: int) -> str:
    return duration_text(minutes * 60, days=False)
