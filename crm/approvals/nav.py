from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import NavItem, nav

from .selectors import waiting_count


def waiting(actor: Actor) -> int | None:
    """How many wait for the actor's decision."""
    return waiting_count(actor) or None


nav.register(
    NavItem("approvals", "top", _("Approvals"), "approve", "approvals:approval_list", "approvals.decide", 35, waiting)
)
