from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import publish_due


def publish_planned() -> int:
    """Publishes the texts whose time has come."""
    return publish_due(actor=Actor.system())


sweeps.register(Sweep("knowledge.publish", _("Publish planned articles"), 20, publish_planned))
