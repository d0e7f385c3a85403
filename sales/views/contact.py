"""Forms by which a visitor becomes a lead: the contact form of the website, and what landing pages share with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from crm.core import limits
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import Conflict, Invalid, TooMany
from crm.core.tokens import new_token
from crm.jobs.models import IdempotencyKey
from crm.ui.public_forms import TRAP, TooOld, TooYoung, check_age, known_key, stamp
from crm.ui.views.public import PublicView, minutes_of

from ..actions.capture import ROUTE, UTM, capture_lead
from ..forms.contact import ContactForm
from ..models import LeadSettings

HOUR = 3600


class LeadFormView(PublicView):
    """GET shows a form and keeps the campaign of the address; POST makes or updates a lead, guarded against machines.

    Subclasses say which form it is (`form`), what storing means (`capture`), where thanks are said (`thanks_url`), how
    the page is drawn (`show`), and whether it takes anything now (`is_open`).
    """

    thanks_url: Any = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.form(), new_token())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get(TRAP):
            return redirect(self.thanks_url)
        form_key, signed = known_key(request.POST.get("form_key", "")), request.POST.get("opened_token", "")
        form = self.form(request.POST)
        if not self.is_open or not form.is_valid():
            return self.show(form, form_key, signed, status=422)
        try:
            if not _is_repeated(form_key):
                check_age(form_key, signed, min_seconds=self.settings.min_form_seconds)
                self.count(form)
            self.capture(form, form_key)
        except TooYoung:
            form.add_error(None, _("That was quick. Check what you wrote, then send it again."))
            return self.show(form, form_key, signed, status=422)
        except TooOld:
            form.add_error(None, _("This page was open for a long time. Check what you wrote, then send it again."))
            return self.show(form, new_token(), status=422)
        except Conflict:
            form.add_error(None, _("You have already sent this form. To send it as another request, send it again."))
            return self.show(form, new_token(), status=409)
        except Invalid as error:
            for name, message in error.fields.items() or {None: str(error)}.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self.show(form, form_key, signed, status=422)
        except TooMany as error:
            return self.too_many(form, form_key, signed, error)
        return redirect(self.thanks_url)

    @property
    def is_open(self) -> bool:
        """Whether the form takes anything now."""
        return True

    def capture(self, form: ContactForm, form_key: str) -> None:
        """Stores what was sent, as a guest, also for a member of staff who tries the form."""
        raise NotImplementedError

    @property
    def utm(self) -> dict[str, str]:
        """What the address, then the form, says of how the visitor came here."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return {name: sent[name][:120] for name in UTM if sent.get(name)}

    def count(self, form: ContactForm) -> None:
        """Counts the attempt by address and network. Raises `TooMany`."""
        for address in filter(None, (form.cleaned_data.get("email"), form.cleaned_data.get("phone"))):
            limits.hit("lead.address", address, limit=self.settings.limit_per_address_hour, window_seconds=HOUR)
        network = client_network(self.request)
        limits.hit("lead.network", network, limit=self.settings.limit_per_network_hour, window_seconds=HOUR)

    def too_many(self, form: ContactForm, form_key: str, signed: str, error: TooMany) -> HttpResponse:
        """The form with everything in it, and when to send it again."""
        words = _("Too many requests came in. Everything you wrote is kept here: send it again in %(minutes)s minutes.")
        form.add_error(None, words % {"minutes": minutes_of(error)})
        response = self.show(form, form_key, signed, status=429)
        response["Retry-After"] = str(error.retry_after_seconds)
        return response

    @cached_property
    def settings(self) -> LeadSettings:
        return LeadSettings.objects.get(brand=self.brand)

    def form(self, data: Any = None) -> ContactForm:
        """The form, bound where data is given."""
        raise NotImplementedError

    def show(self, form: ContactForm, form_key: str, signed: str = "", *, status: int = 200) -> HttpResponse:
        """The form with a key; signed is the moment it was first handed out."""
        return self.page(**self.guards(form, form_key, signed), status=status)

    def guards(self, form: ContactForm, form_key: str, signed: str = "") -> dict[str, Any]:
        """What a page that holds the form needs, hidden fields included."""
        return {
            "form": form, "form_key": form_key, "opened_token": signed or stamp(form_key), "trap": TRAP,
            "utm": self.utm, "is_open": self.is_open,
        }  # fmt: skip


class LeadContact(LeadFormView):
    """The contact form of the website."""

    template_name = "sales/public/contact.html"
    thanks_url = reverse_lazy("contact:lead_thanks")

    @property
    def is_open(self) -> bool:
        return bool(self.settings.is_form_open)

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data, consent_text=str(self.settings.consent_text))

    def capture(self, form: ContactForm, form_key: str) -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        capture_lead(
            actor=Actor.guest(), brand=self.brand, form_key=form_key,
            values={**values, "language": self.request.ui.language}, utm=self.utm,  # type: ignore[attr-defined]
        )  # fmt: skip


class LeadThanks(PublicView):
    """What whoever sent the form gets to see."""

    template_name = "sales/public/thanks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


def _is_repeated(form_key: str) -> bool:
    """Whether this form made its lead already: the same answer then counts against no limit."""
    return IdempotencyKey.objects.filter(route=ROUTE, actor="guest", key=form_key).exists()
