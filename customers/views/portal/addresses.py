"""A contact's own addresses: adding and changing with a code, choosing the main one, taking one away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core import clock, limits
from crm.core.addresses import client_network
from crm.core.errors import DomainError, NotFound, TooMany
from crm.ui.views.public import TOKEN, minutes_of

from ... import actions
from ...actions.portal import CODE_VALID
from ...actions.portal_addresses import KINDS
from ...forms.portal import CodeForm, NewAddressForm
from ...models import Identity, PortalCode
from .base import PortalPage
from .signing import CODES_PER_ADDRESS, GUESSES_PER_NETWORK, HOUR

#: Codes that a contact may have sent in an hour, to whatever addresses.
CODES_PER_CONTACT = 10


class AddressPage(PortalPage):
    """A page about the contact's own addresses."""

    section = "profile"

    def own(self, pk: object) -> Identity:
        """An address of theirs. Raises `NotFound`."""
        found = self.visit.contact.identities.filter(pk=pk, kind__in=KINDS).first()
        if found is None:
            raise NotFound
        return found


class PortalAddressCreate(AddressPage):
    """GET asks for an address, `?replaces=` names the one whose place it takes; POST sends a code there."""

    template_name = "customers/portal/address_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        former = self.former()
        return self.show(NewAddressForm(kind=former.kind if former else "", initial=self.typed()), former)

    def post(self, request: HttpRequest) -> HttpResponse:
        former = self.former()
        form = NewAddressForm(request.POST, kind=former.kind if former else "")
        if not form.is_valid():
            return self.show(form, former, status=422)
        kind, value = form.cleaned_data["kind"], form.cleaned_data["value"]
        mine = self.visit.contact.identities.filter(kind=kind, value=value, verified_at__isnull=False)
        if mine.exists():
            form.add_error("address", _("This address is yours and confirmed already."))
            return self.show(form, former, status=422)
        try:
            limits.hit("portal.contact", str(self.actor.id), limit=CODES_PER_CONTACT, window_seconds=HOUR)
            limits.hit("portal.address", value, limit=CODES_PER_ADDRESS, window_seconds=HOUR)
        except TooMany as error:
            words = _("Too many codes were asked for. Try again in %(minutes)s minutes.")
            form.add_error(None, words % {"minutes": minutes_of(error)})
            return self.show(form, former, status=429)
        language = request.ui.language  # type: ignore[attr-defined]
        key = actions.ask_to_add_address(actor=self.actor, kind=kind, value=value, language=language, replaces=former)
        return redirect("portal:address_code", key=key)

    def former(self) -> Identity | None:
        """The address that the new one replaces. Raises `NotFound` for another's."""
        given = (self.request.POST if self.request.method == "POST" else self.request.GET).get("replaces", "")
        if not given:
            return None
        if not (given.isascii() and given.isdecimal()) or len(given) > 18:
            raise NotFound
        return self.own(int(given))

    def typed(self) -> dict[str, str]:
        """An unproved address of theirs that `?confirm=` names, to be proved."""
        given = self.request.GET.get("confirm", "")
        known = self.visit.contact.identities.filter(pk=given) if given.isdecimal() and len(given) < 18 else None
        found = known.first() if known is not None and given.isascii() else None
        return {"address": found.value} if found is not None else {}

    def show(self, form: NewAddressForm, former: Identity | None, *, status: int = 200) -> HttpResponse:
        return self.page(form=form, former=former, status=status)


class PortalAddressCode(AddressPage):
    """GET asks for the code that was sent to the new address; POST makes the address count."""

    template_name = "customers/portal/address_code.html"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.show(CodeForm(), key)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.show(form, key, status=422)
        try:
            limits.hit("portal.guess", client_network(request), limit=GUESSES_PER_NETWORK, window_seconds=HOUR)
        except TooMany as error:
            words = _("Too many codes were tried. Try again in %(minutes)s minutes.")
            form.add_error(None, words % {"minutes": minutes_of(error)})
            return self.show(form, key, status=429)
        code = form.cleaned_data["code"]
        if actions.confirm_own_address(actor=self.actor, key=key, code=code) is None:
            form.add_error("code", _("This code is wrong, or it works no longer. Look again, or ask for another one."))
            return self.show(form, key, status=422)
        messages.success(request, _("The address is yours and can be used to sign in."))
        return redirect(f"{reverse('portal:profile')}#addresses")

    def show(self, form: CodeForm, key: str, *, status: int = 200) -> HttpResponse:
        if not TOKEN.fullmatch(key):
            raise NotFound
        asked = PortalCode.objects.filter(key=key, contact=self.actor.id, expires_at__gt=clock.now()).first()
        context: dict[str, Any] = {"asked": asked, "minutes": CODE_VALID.seconds // 60}
        return self.page(form=form, status=status, **context)


class PortalAddressRemove(AddressPage):
    """GET asks once more, POST takes the address away."""

    template_name = "customers/portal/address_remove.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(row=self.own(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _done(self, lambda: actions.remove_own_address(actor=self.actor, session=self.visit, pk=pk),
                     _("The address is removed."))  # fmt: skip


class PortalAddressMain(AddressPage):
    """POST makes an address the one that is used first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _done(self, lambda: actions.choose_main_address(actor=self.actor, pk=pk),
                     _("We use this address first from now on."))  # fmt: skip


def _done(page: AddressPage, deed: Any, words: str) -> HttpResponse:
    """Back to the profile, which says what was done or what stands in the way. Raises `NotFound`."""
    try:
        deed()
    except NotFound:
        raise
    except DomainError as error:
        messages.error(page.request, str(error))
    else:
        messages.success(page.request, words)
    return redirect(f"{reverse('portal:profile')}#addresses")
