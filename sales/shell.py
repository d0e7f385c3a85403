"""What sales puts into the frame of public pages."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .models import LeadSettings


def contact_link(actor: Actor) -> dict[str, Any]:
    """The contact form, while it takes leads. One query."""
    return {"is_open": LeadSettings.objects.filter(brand__is_default=True, is_form_open=True).exists()}


shell_slots.register(ShellSlot("sales.contact", "help", "sales/public/_contact_link.html", contact_link, order=50))
