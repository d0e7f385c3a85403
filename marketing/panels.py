"""What marketing shows on the pages of other apps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, panels

from .selectors.landing import submissions_of


def lead_forms(actor: Actor, subject: Any) -> dict[str, Any]:
    """The forms by which a lead came, with its first and last touch. One query."""
    first = {name: text for name, text in subject.utm.items() if name.startswith("utm_")}
    return {"submissions": submissions_of(actor, subject.pk), "first": first, "last": subject.utm.get("last", {})}


panels.register(
    Panel("marketing.lead_forms", "lead", _("Landing pages"), "marketing/panels/_lead_forms.html", lead_forms,
          "landing.view", order=60, queries=2),
)  # fmt: skip
