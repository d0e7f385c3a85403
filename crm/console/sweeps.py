"""Emptying the recycle bin."""

from __future__ import annotations

import logging

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.sockets import Sweep, recyclables, sweeps

from .selectors.recycle_bin import KEEP

logger = logging.getLogger(__name__)

_BATCH = 200


def empty_bin() -> int:
    """Erases what was deleted more than `KEEP` ago, each record in its own transaction; a batch of each kind.

    A record that something still needs stays until that is gone.
    """
    actor = Actor.system("recycle bin")
    border = clock.database_now() - KEEP
    done = 0
    for entry in recyclables:
        for record in entry.deleted(actor).filter(deleted_at__lt=border).order_by("deleted_at")[:_BATCH]:
            try:
                entry.erase(actor, record)
            except DomainError:
                logger.info("%s %s stays in the recycle bin", entry.key, record.pk, exc_info=True)
            else:
                done += 1
    return done


def forget_sessions() -> int:
    """Removes sessions that ended."""
    return Session.objects.filter(expire_date__lt=clock.database_now()).delete()[0]


sweeps.register(Sweep("console.recycle_bin", _("Empty the recycle bin"), 900, empty_bin, queue="bulk"))
sweeps.register(Sweep("console.sessions", _("Forget ended sessions"), 3600, forget_sessions))
