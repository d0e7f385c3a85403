"""Telling staff what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import is_quiet, kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.sockets import NotificationKind, notification_kinds
from crm.jobs.broker import enqueue_on_commit

from ..choices import Channels, channels_of
from ..models import Mute, Notification, NotificationChoice, PushSubscription
from .pushing import queue_push

#: How long a mail waits for its reader to see the line first, and for more about the same record.
MAIL_AFTER = dt.timedelta(minutes=10)
#: How many activities a line remembers, to count each once.
REMEMBERED = 100

_UPSERT = """
    INSERT INTO notifications_notification AS line
        (user_id, kind, subject_kind, object_id, activity_ids, data, url,
         count, unread, in_app, mail_due_at, push, created_at, updated_at)
    VALUES (%(user)s, %(kind)s, %(subject_kind)s, %(object_id)s, %(activities)s::bigint[], %(data)s::jsonb,
            %(url)s, 1, TRUE, %(in_app)s, %(mail_due_at)s, %(push)s, %(now)s, %(now)s)
    ON CONFLICT (user_id, kind, subject_kind, object_id) WHERE unread DO UPDATE SET
        count = line.count + 1,
        activity_ids = (excluded.activity_ids || line.activity_ids)[1:%(remembered)s],
        data = excluded.data, url = excluded.url, updated_at = excluded.updated_at,
        in_app = line.in_app OR excluded.in_app, mail_due_at = COALESCE(line.mail_due_at, excluded.mail_due_at),
        push = line.push OR excluded.push
"""


@action()
def notify(
    *,
    actor: Actor,
    kind: str,
    users: Iterable[User],
    subject: models.Model,
    data: Mapping[str, Any] | None = None,
    url: str = "",
    activity_id: int | None = None,
) -> int:
    """Tells these users, one unread line for each (user, kind, subject). Returns how many were told.

    Nobody is told of one row among thousands, such as an import's (`activity.recording.quietly`).
    Nobody is told of their own deed, nor without the permission of the kind, nor when inactive, nor of a record
    they muted, nor by a channel they switched off. A push message goes at once, to devices where push is on; a mail
    after `MAIL_AFTER`, unless the line is read before. The same activity_id counts once however often it is
    delivered. data fills the kind's sentence; "text" is an excerpt shown below it. Raises `KeyError` for an
    undeclared kind.
    """
    declared = notification_kinds[kind]
    if is_quiet():
        return 0
    people = sorted({user.pk: user for user in users}.values(), key=lambda user: user.pk)
    people = [user for user in people if user.pk != actor.user_id and _may_know(user, declared)]
    told = _already_told(people, kind, subject, activity_id)
    values = {"v": 1, "actor": actor.label, "actor_kind": int(actor.kind), **(data or {})}
    channels = _channels([user.pk for user in people if user.pk not in told], declared, subject)
    now = clock.now()
    with connection.cursor() as cursor:
        for user_id, wanted in channels.items():
            cursor.execute(
                _UPSERT,
                {
                    "user": user_id,
                    "kind": kind,
                    "subject_kind": kind_of(subject).code,
                    "object_id": subject.pk,
                    "activities": [activity_id] if activity_id else [],
                    "data": _json(values),
                    "url": url[:300],
                    "in_app": wanted.in_app,
                    "mail_due_at": now + MAIL_AFTER if wanted.mail else None,
                    "push": wanted.push,
                    "now": now,
                    "remembered": REMEMBERED,
                },
            )
    _push(actor, [user_id for user_id, wanted in channels.items() if wanted.push], subject)
    return len(channels)


def _push(actor: Actor, user_ids: list[int], subject: models.Model) -> None:
    if user_ids:
        queue_push(actor=actor, user_ids=user_ids, subject_kind=kind_of(subject).code, object_id=subject.pk)
        enqueue_on_commit("notifications.push")


def _channels(user_ids: list[int], declared: NotificationKind, subject: models.Model) -> dict[int, Channels]:
    """Who is told how. Whoever wants no channel, or muted the record, is left out; push needs a device."""
    if not user_ids:
        return {}
    muted = set(
        Mute.objects.filter(user_id__in=user_ids, subject_kind=kind_of(subject).code, object_id=subject.pk).values_list(
            "user_id", flat=True
        )
    )
    choices = NotificationChoice.objects.filter(user_id__in=user_ids, kind=declared.key)
    chosen = {choice.user_id: choice for choice in choices}
    with_device = set(PushSubscription.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    wanted = {pk: channels_of(declared, chosen.get(pk)) for pk in user_ids if pk not in muted}
    wanted = {pk: channels if pk in with_device else channels._replace(push=False) for pk, channels in wanted.items()}
    return {pk: channels for pk, channels in wanted.items() if any(channels)}


def _may_know(user: User, declared: NotificationKind) -> bool:
    return user.is_active and (not declared.permission or actor_for(user).can(declared.permission))


def _already_told(people: list[User], kind: str, subject: models.Model, activity_id: int | None) -> set[int]:
    """Who has a line that tells of this activity. Locks the users, so that two deliveries take turns."""
    if activity_id is None or not people:
        return set()
    ids = [user.pk for user in people]
    list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    lines = Notification.objects.filter(
        user_id__in=ids,
        kind=kind,
        subject_kind=kind_of(subject).code,
        object_id=subject.pk,
        activity_ids__contains=[activity_id],
    )
    return set(lines.values_list("user_id", flat=True))


def _json(values: Mapping[str, Any]) -> str:
    return Notification._meta.get_field("data").get_db_prep_value(dict(values), connection, prepared=False)
