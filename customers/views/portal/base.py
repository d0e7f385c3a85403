"""What every page of the portal shares: a contact, their language and zone, the menu of sections."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotFound
from crm.ui.views.errors import session_ended, typed_fields
from crm.ui.views.public import PublicView, SecretAddress

from ... import actions
from ...models import PortalSession
from ...portals.sections import PortalSection, portal_sections
from ...portals.visits import is_on

logger = logging.getLogger(__name__)
#: Characters of an address that the sign-in leads back to; of a longer one only the path.
LONGEST_RETURN = 2000


class PortalClosed(NotFound):
    """The company offers no portal."""

    default = _("Signing in is not offered here. Each ticket has a link of its own, which stands in our emails.")


class PortalDoor(SecretAddress, PublicView):
    """A page of the portal for whoever is not signed in yet. Kept by no cache."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_on():
            raise PortalClosed
        return super().dispatch(request, *args, **kwargs)


class PortalPage(SecretAddress, PublicView):
    """A page for a signed-in contact; mixed in before the view of an app. section: its entry of the menu.

    `self.visit` is the session, `self.actor` the contact: every row starts at `visible_to(self.actor)`, and one that is
    not theirs is missing. Others are led to the sign-in and back.
    """

    permission = None
    section = ""
    visit: PortalSession

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visit: Any = request.visit  # type: ignore[attr-defined]
        if not visit:
            return self.ask_to_sign_in(request)
        self.visit, self.actor = visit, visit.actor
        self.request = request
        actions.note_visit(actor=self.actor, session=visit)
        contact, customer = visit.contact, visit.contact.customer
        self.speak(
            contact.language or customer.language or request.ui.language,  # type: ignore[attr-defined]
            contact.timezone or customer.timezone or customer.brand.timezone,
        )
        return super().dispatch(request, *args, **kwargs)

    def ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        """To the sign-in; a page that was only read comes back afterwards, what was typed stays on the page."""
        if not is_on():
            raise PortalClosed
        address = reverse("portal:sign_in")
        if request.method == "POST" and typed_fields(request):
            return session_ended(request, address, base="base_public.html")
        if request.method == "GET" and request.path != reverse("portal:home"):
            whole = request.get_full_path()
            address += "?" + urlencode({"next": whole if len(whole) <= LONGEST_RETURN else request.path})
        response = redirect(address)
        response["Cache-Control"] = "no-store, private"
        return response

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template inside the portal's frame."""
        frame = {
            "frame": "customers/portal/frame.html",
            "visit": self.visit,
            "me": self.visit.contact,
            "menu": [self._entry(entry) for entry in portal_sections],
            "section": self.section,
        }
        return super().page(status=status, **{**frame, **context})

    def _entry(self, entry: PortalSection) -> dict[str, Any]:
        """An entry of the menu, with how much waits there."""
        count = entry.count(self.actor) if entry.count is not None else None
        return {"entry": entry, "url": reverse(entry.url_name), "is_current": entry.key == self.section, "count": count}

    @property
    def asks_url(self) -> str:
        """The form that takes `?order=` or `?equipment=`, "" while no app has one."""
        return next((reverse(entry.asks) for entry in portal_sections if entry.asks), "")

    def blocks(self) -> Iterator[dict[str, Any]]:
        """What the sections put on the home page. One that fails shows so, and the page stays."""
        for entry in portal_sections:
            if entry.block is None:
                continue
            try:
                context = entry.block(self.actor)
            except Exception:
                logger.exception("block %s of the portal failed", entry.key)
                context = {}
                yield _block(entry, context, has_failed=True)
                continue
            if context is not None:
                yield _block(entry, context)


def _block(entry: PortalSection, context: dict[str, Any], *, has_failed: bool = False) -> dict[str, Any]:
    return {"entry": entry, "url": reverse(entry.url_name), "values": context, "has_failed": has_failed}
