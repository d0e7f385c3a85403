"""The ticket form and what follows it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from crm.calendars.models import Calendar
from crm.core import limits
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import Conflict, Invalid, TooMany
from crm.core.tokens import new_token
from crm.jobs.models import IdempotencyKey
from customers.identities import masked_email

from ...actions import submit_ticket
from ...models import RequestType, ServiceSettings, Ticket
from ...public_forms import SubmitForm, TooOld, TooYoung, check_age, known_key, stamp
from ...selectors import public_request_types, ticket_by_token
from ...service_hours import first_answer_due, moment_words, service_hours
from .base import FormFiles, PublicPage, TokenPage, files_of, minutes_of

HOUR, MINUTE = 3600, 60
#: A field no person sees; what fills it is a machine. Its name is none that browsers complete.
TRAP = "second_subject"
_PRESETS = {"type": "request_type", "subject": "subject"}


class TicketSubmit(PublicPage):
    """GET shows the form, filled from `?type=` and `?subject=`; POST makes the ticket and leads to its page."""

    template_name = "tickets/public/submit.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        presets = {field: request.GET[name][:200] for name, field in _PRESETS.items() if name in request.GET}
        return self.show(self.form(initial=presets), new_token(), FormFiles())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get(TRAP):
            return redirect("help:ticket_received")
        form_key = known_key(request.POST.get("form_key", ""))
        files = files_of(request, form_key)
        if "remove" in request.POST:
            return self.show(self.form(initial=request.POST.dict()), form_key, files, request.POST.get("opened_token"))
        form = self.form(request.POST)
        for problem in files.problems:
            form.add_error("attachments", problem)
        if not form.is_valid():
            return self.show(form, form_key, files, request.POST.get("opened_token"), status=422)
        return self.send(form, form_key, files)

    def send(self, form: SubmitForm, form_key: str, files: FormFiles) -> HttpResponse:
        """Makes the ticket, or shows the form again with what stands in the way."""
        signed = self.request.POST.get("opened_token", "")
        try:
            if not _is_repeated(form_key):
                check_age(form_key, signed, min_seconds=self.settings.min_form_seconds)
                self.count(form)
            ticket = self.submit(form, form_key, files)
        except TooYoung:
            form.add_error(None, _("That was quick. Check what you wrote, then send it again."))
            return self.show(form, form_key, files, signed, status=422)
        except TooOld:
            form.add_error(None, _("This page was open for a long time. Check what you wrote, then send it again."))
            return self.with_new_key(form, files, status=422)
        except Conflict:
            form.add_error(None, _("You have already sent this form. To send it as another request, send it again."))
            return self.with_new_key(form, files, status=409)
        except Invalid as error:
            form.take_errors(error)
            return self.show(form, form_key, files, signed, status=422)
        except TooMany as error:
            return self.too_many(form, form_key, files, signed, error)
        return redirect("help:ticket_sent", token=ticket.guest_token)

    def submit(self, form: SubmitForm, form_key: str, files: FormFiles) -> Ticket:
        """Calls the action as a guest, also for a member of staff who tries the form."""
        values = dict(form.cleaned_data)
        values.pop("attachments")
        return submit_ticket(
            actor=Actor.guest(),
            brand=self.brand,
            form_key=form_key,
            uploads=files.tokens,
            language=self.request.ui.language,  # type: ignore[attr-defined]
            **values,
        )

    def count(self, form: SubmitForm) -> None:
        """Counts the attempt by address, network and brand. Raises `TooMany`."""
        for address in (form.cleaned_data["email"], form.cleaned_data["phone"]):
            if address:
                limits.hit("submit.address", address, limit=self.settings.limit_per_address_hour, window_seconds=HOUR)
        network = client_network(self.request)
        limits.hit("submit.network", network, limit=self.settings.limit_per_network_hour, window_seconds=HOUR)
        limits.hit("submit.brand", self.brand.key, limit=self.settings.limit_per_brand_minute, window_seconds=MINUTE)

    def too_many(self, form: SubmitForm, form_key: str, files: FormFiles, signed: str, error: TooMany) -> HttpResponse:
        """The form with everything in it, and when to send it again."""
        form.add_error(
            None,
            _("Too many requests came in. Everything you wrote is kept here: send it again in %(minutes)s minutes.")
            % {"minutes": minutes_of(error)},
        )
        response = self.show(form, form_key, files, signed, status=429)
        response["Retry-After"] = str(error.retry_after_seconds)
        return response

    def with_new_key(self, form: SubmitForm, files: FormFiles, *, status: int) -> HttpResponse:
        """The form under a new key; the files hang on the old one and have to be chosen again."""
        if files.uploads:
            form.add_error("attachments", _("Attach your files again."))
        return self.show(form, new_token(), FormFiles(), status=status)

    @cached_property
    def settings(self) -> ServiceSettings:
        return ServiceSettings.objects.get(brand=self.brand)

    def form(self, data: Any = None, **kwargs: Any) -> SubmitForm:
        return SubmitForm(
            data, types=public_request_types(), consent_text=str(self.settings.consent_text), auto_id="id_%s", **kwargs
        )

    def show(
        self, form: SubmitForm, form_key: str, files: FormFiles, signed: str | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The form with a key; signed is the moment it was first handed out."""
        return self.page(
            form=form, form_key=form_key, opened_token=signed or stamp(form_key), files=files.uploads, trap=TRAP,
            status=status, **expectations(form.chosen_type),
        )  # fmt: skip


class TicketExpected(PublicPage):
    """The promise for another request type, fetched when it is chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = {kind.key: kind for kind in public_request_types()}.get(request.GET.get("request_type", ""))
        if "HX-Request" not in request.headers:
            return redirect("help:ticket_submit")
        return render(request, "tickets/public/partials/_expected.html", expectations(chosen))


class TicketReceived(PublicPage):
    """What a machine that filled the trap gets to see; nothing was stored."""

    template_name = "tickets/public/received.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class TicketSent(TokenPage):
    """Number, promise and what happens next, for whoever filled the form."""

    template_name = "tickets/public/sent.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        ticket, is_mailed_link = ticket_by_token(token)
        if is_mailed_link:
            return redirect("help:ticket_track", token=token)
        self.speak_to(ticket)
        due = ticket.answer_expected_at
        return self.page(
            ticket=ticket,
            expected=moment_words(due) if due else "",
            address=masked_email(ticket.reply_email) if ticket.reply_email else "",
            track_url=reverse("help:ticket_track", args=[token]),
        )


def expectations(chosen: RequestType | None) -> dict[str, Any]:
    """When the first answer comes for the chosen type, and the service hours."""
    due = first_answer_due(chosen) if chosen else None
    return {
        "chosen": chosen,
        "expected": moment_words(due) if due else "",
        "hours": service_hours(Calendar.default()),
    }


def _is_repeated(form_key: str) -> bool:
    """Whether this form made its ticket already: the same answer then counts against no limit."""
    return IdempotencyKey.objects.filter(route="tickets.submit", actor="guest", key=form_key).exists()
