"""The changes tab on the pages of people and structure."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import TeamMembership
from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import Panel, panels

from .selectors.history import changes_of
from .selectors.sightings import seen_by


def changes(actor: Actor, subject: Any) -> dict[str, Any]:
    return {"changes": changes_of(actor, subject)}


def members(actor: Actor, subject: Any) -> dict[str, Any]:
    rows = (
        TeamMembership.objects.filter(team=subject).select_related("user").order_by("-is_supervisor", "user__sort_key")
    )
    return {"memberships": rows}


def holders(actor: Actor, subject: Any) -> dict[str, Any]:
    return {"users": subject.users.active().order_by("sort_key")[:100]}


#: Kinds whose pages are `watched` (crm.ui.views.generic.DetailView).
WATCHED = ("ticket", "customer", "contact", "inbound_mail")


def seen(actor: Actor, subject: Any) -> dict[str, Any]:
    address = f"{reverse('console:sighting_list')}?kind={kind_of(subject).key}&object={subject.pk}"
    return {"people": seen_by(actor, subject), "log_url": address}


panels.register(
    *(
        Panel(
            f"console.changes.{kind}",
            kind,
            _("Changes"),
            "console/partials/_changes.html",
            changes,
            "console.view_audit",
            "tab",
            90,
            30,
        )
        for kind in ("user", "team", "role", "department")
    ),
    *(
        Panel(
            f"console.seen_by.{kind}",
            kind,
            _("Seen by"),
            "console/partials/_seen_by.html",
            seen,
            "console.view_audit",
            "side",
            95,
        )
        for kind in WATCHED
    ),
    Panel("console.members", "team", _("Members"), "console/partials/_members.html", members, "", "main", 10),
    Panel(
        "console.holders",
        "role",
        _("Users with this role"),
        "console/partials/_people.html",
        holders,
        "console.manage_staff",
        "main",
        10,
    ),
)
