"""Ending sessions of the portal, for the verbs that take a contact away."""

from __future__ import annotations

from typing import Any

from ..models import PortalSession


def end_sessions(contact_ids: Any) -> None:
    """Signs contacts out, inside the verb that takes them away. contact_ids: ids or a queryset of contacts."""
    PortalSession.objects.filter(contact__in=contact_ids).delete()
