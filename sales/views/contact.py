"""The contact form of the website: a visitor becomes a lead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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


class LeadContact(PublicView):
    """GET shows the form and keeps the campaign of the address; POST makes or updates the lead."""

    template_name = "sales/public/contact.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form(), new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get(TRAP):
            return redirect("contact:lead_thanks")
        form_key, signed = known_key(request.POST.get("form_key", "")), request.POST.get("opened_token", "")
        form = self.form(request.POST)
        if not self.settings.is_form_open or not form.is_valid():
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
        return redirect("contact:lead_thanks")

    def capture(self, form: ContactForm, form_key: str) -> None:
        """Calls the action as a guest, also for a member of staff who tries the form."""
        values = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        capture_lead(
            actor=Actor.guest(), brand=self.brand, form_key=form_key,
            values={**values, "language": self.request.ui.language},  # type: ignore[attr-defined]
            utm={name: self.request.POST.get(name, "")[:120] for name in UTM},
        )  # fmt: skip

    def count(self, form: ContactForm) -> None:
        """Counts the attempt by address and network. Raises `TooMany`."""
        for address in filter(None, (form.cleaned_data["email"], form.cleaned_data["phone"])):
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
        return ContactForm(data, consent_text=str(self.settings.consent_text))

    def show(self, form: ContactForm, form_key: str, signed: str = "", *, status: int = 200) -> HttpResponse:
        """The form with a key; signed is the moment it was first handed out."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return self.page(
            form=form, form_key=form_key, opened_token=signed or stamp(form_key), trap=TRAP, status=status,
            utm={name: sent[name][:120] for name in UTM if sent.get(name)}, is_open=self.settings.is_form_open,
        )  # fmt: skip


class LeadThanks(PublicView):
    """What whoever sent the form gets to see."""

    template_name = "sales/public/thanks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


def _is_repeated(form_key: str) -> bool:
    """Whether this form made its lead already: the same answer then counts against no limit."""
    return IdempotencyKey.objects.filter(route=ROUTE, actor="guest", key=form_key).exists()
