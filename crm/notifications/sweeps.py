"""Mail and digests that are due; lines read long ago, which are forgotten: the records keep their history."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.sockets import Sweep, kinds, sweeps

from .actions import mail_due, send_digest
from .choices import Digest
from .models import Delivery, Mute, Notification
from .push.sending import send_due

logger = logging.getLogger(__name__)

KEEP_READ = dt.timedelta(days=90)
_BATCH = 5000
_PEOPLE = 200


def forget_read() -> int:
    """Deletes lines that were read more than 90 days ago, a batch at a time."""
    old = Notification.objects.filter(unread=False, read_at__lt=clock.database_now() - KEEP_READ)
    return Notification.objects.filter(pk__in=old.values("pk")[:_BATCH]).delete()[0]


def forget_mutes() -> int:
    """Deletes mutes of records that are gone for good, or of a part that was taken out."""
    done = 0
    for code in list(Mute.objects.values_list("subject_kind", flat=True).distinct()):
        rows, entry = Mute.objects.filter(subject_kind=code), kinds.by_code(code)
        if entry is not None:
            rows = rows.exclude(object_id__in=apps.get_model(entry.model)._base_manager.values("pk"))
        done += Mute.objects.filter(pk__in=rows.values("pk")[:_BATCH]).delete()[0]
    return done


def send_mail() -> int:
    """Queues the notification mails that are due, 200 people at a time. Returns how many."""
    due = Notification.objects.with_mail_ahead().filter(mail_due_at__lte=clock.database_now())
    return _for_each(due.values_list("user_id", flat=True).order_by("user_id").distinct(), mail_due)


def send_digests() -> int:
    """Queues the digests that are due, and counts anew for who moved to another zone. Returns how many went."""
    rows = Delivery.objects.exclude(digest=Digest.OFF)
    due = rows.filter(Q(next_digest_at__lte=clock.database_now()) | ~Q(zone=F("user__timezone")))
    return _for_each(due.values_list("user_id", flat=True).order_by("next_digest_at"), send_digest)


def _for_each(user_ids: QuerySet[Any, int], verb: Callable[..., int]) -> int:
    """One transaction a person, so that one who cannot be mailed keeps nobody else waiting."""
    done = 0
    for user_id in list(user_ids[:_PEOPLE]):
        try:
            done += verb(actor=Actor.system(), user_id=user_id)
        except DomainError:
            logger.exception("no notification mail for user %s", user_id)
    return done


sweeps.register(
    Sweep("notifications.push", _("Push messages"), 5, send_due),
    Sweep("notifications.mail", _("Mail notifications"), 20, send_mail),
    Sweep("notifications.digest", _("Mail digests of unread notifications"), 60, send_digests),
)
sweeps.register(
    Sweep("notifications.forget", _("Forget old notifications"), 3600, forget_read, queue="bulk"),
    Sweep("notifications.mutes", _("Forget mutes of deleted records"), 86_400, forget_mutes, queue="bulk"),
)
