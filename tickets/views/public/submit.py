"""The ticket form and what follows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
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
from crm.fields.display import rows
from crm.fields.forms import PREFIX
from crm.files.checks import MAX_FILES
from crm.jobs.models import IdempotencyKey
from crm.ui.public_forms import TRAP, TooOld, TooYoung, check_age, known_key, stamp
from crm.ui.views.public import minutes_of

from ...actions import submit_ticket
from ...articles import REMEMBERED, is_on, note_read_before
from ...choices import Audience, Preset
from ...forms.public import SubmitForm
from ...letters import link_travels, masked_address
from ...models import RequestType, RequestTypeQuestion, ServiceSettings, Ticket
from ...questions import questions_of
from ...selectors import ticket_by_token
from ...service_hours import first_answer_due, moment_words, service_hours
from .answering import LOCKED, from_address, photos_of, with_photo_names
from .base import FormFiles, PublicPage, TokenPage, files_of

HOUR, MINUTE = 3600, 60
_PRESETS = {"type": "request_type", "subject": "subject"}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody we recognise: by the link in our mail, or signed in. An email address or a phone number."""

    name: str
    email: str = ""
    phone: str = ""


class TicketSubmit(PublicPage):
    """GET shows the form, filled from `?type=`, `?subject=` and what its questions let an address answer; POST makes
    the ticket and leads to its page. An own address (`new/<key>/`) asks for that type alone.

    audience decides what is offered; known is somebody we recognise, who is asked for no name and address.
    """

    template_name = "tickets/public/submit.html"
    audience: ClassVar[str] = Audience.PUBLIC
    known: Known | None = None

    def get(self, request: HttpRequest, key: str = "", **kwargs: Any) -> HttpResponse:
        initial = {field: request.GET[name][:200] for name, field in _PRESETS.items() if name in request.GET}
        initial |= {"request_type": key} if self.is_own_address else {}
        asked = self.questions(initial.get("request_type", ""))
        answers, locked = from_address(asked, request.GET)
        return self.show(self.form(initial={**initial, **answers}, locked=locked), new_token(), FormFiles())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get(TRAP):
            return redirect("help:ticket_received")
        form_key = known_key(request.POST.get("form_key", ""))
        asked = self.questions(request.POST.get("request_type", ""))
        files = files_of(request, form_key)
        self.photos = photos_of(request, form_key, asked)
        data = with_photo_names(request.POST, self.photos)
        if "remove" in request.POST or "choose" in request.POST:
            initial = {name: values if len(values) > 1 else values[0] for name, values in data.lists() if values}
            return self.show(self.form(initial=initial), form_key, files, request.POST.get("opened_token"))
        form = self.form(data)
        for problem in files.problems:
            form.add_error("attachments", problem)
        for name, sent in self.photos.items():
            for problem in sent.problems:
                form.add_error(PREFIX + name, problem)
        if not form.is_valid():
            return self.show(form, form_key, files, request.POST.get("opened_token"), status=422)
        return self.send(form, form_key, files)

    def send(self, form: SubmitForm, form_key: str, files: FormFiles) -> HttpResponse:
        """Makes the ticket, or shows the form again with what stands in the way."""
        signed = self.request.POST.get("opened_token", "")
        try:
            is_repeated = _is_repeated(form_key)
            if not is_repeated:
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
        if not is_repeated and self.articles_read:
            note_read_before(ticket, self.articles_read)
        return redirect(self.address_after(ticket))

    def address_after(self, ticket: Ticket) -> str:
        """Where whoever sent the form is led."""
        return reverse("help:ticket_sent", args=[ticket.guest_token])

    def submit(self, form: SubmitForm, form_key: str, files: FormFiles) -> Ticket:
        """Calls the action as a guest, also for a member of staff who tries the form."""
        values = {name: value for name, value in form.cleaned_data.items() if not name.startswith(PREFIX)}
        values.pop("attachments")
        if self.known is not None:
            values |= {"email": self.known.email, "phone": self.known.phone, "name": self.known.name}
        photos = [token for sent in self.photos.values() for token in sent.tokens]
        return self.store(
            {
                "brand": self.brand,
                "form_key": form_key,
                "uploads": list(dict.fromkeys([*files.tokens, *photos])),
                "language": self.request.ui.language,  # type: ignore[attr-defined]
                "answers": form.answers,
                "audience": self.audience,
                **values,
            }
        )

    def store(self, values: dict[str, Any]) -> Ticket:
        """The verb."""
        return submit_ticket(actor=Actor.guest(), **values)

    def count(self, form: SubmitForm) -> None:
        """Counts the attempt by address, network and brand. Raises `TooMany`."""
        typed = form.cleaned_data if self.known is None else {"email": self.known.email, "phone": self.known.phone}
        for address in (typed.get("email"), typed.get("phone")):
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
        if files.uploads or any(sent.uploads for sent in self.photos.values()):
            form.add_error("attachments", _("Attach your files again."))
        self.photos = {}
        return self.show(form, new_token(), FormFiles(), status=status)

    @cached_property
    def settings(self) -> ServiceSettings:
        return ServiceSettings.objects.get(brand=self.brand)

    @cached_property
    def types(self) -> list[RequestType]:
        """What this visitor may ask for."""
        return list(RequestType.objects.offered_to(self.audience))

    @property
    def articles_read(self) -> list[str]:
        """Addresses of the articles that were read on the way to this form, or opened beside it."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        slugs = dict.fromkeys(slug[:80] for slug in sent.getlist("article") if slug)
        return list(slugs)[:REMEMBERED] if is_on() else []

    @property
    def is_own_address(self) -> bool:
        """Whether the address names a type that this visitor may ask for; any other name is no name."""
        return any(kind.key == self.kwargs.get("key") for kind in self.types)

    def questions(self, key: str) -> list[RequestTypeQuestion]:
        """What the type of that key asks; nothing for one that is not offered."""
        if key not in self._asked:
            chosen = next((kind for kind in self.types if kind.key == key), None)
            self._asked[key] = questions_of(chosen) if chosen else []
        return self._asked[key]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._asked: dict[str, list[RequestTypeQuestion]] = {}
        self.photos: dict[str, FormFiles] = {}

    def form(self, data: Any = None, *, locked: Iterable[str] = (), initial: Any = None) -> SubmitForm:
        key = (data if data is not None else initial or {}).get("request_type", "")
        return SubmitForm(
            data, types=self.types, consent_text=str(self.settings.consent_text), questions=self.questions(key),
            locked=[*locked, *self._still_locked(key)], known=self.known, auto_id="id_%s", initial=initial,
        )  # fmt: skip

    def _still_locked(self, key: str) -> list[str]:
        """What stood fixed on the page that was sent, as far as the type lets an address fix it."""
        return [
            row.field.key
            for row in self.questions(key)
            if row.preset == Preset.LOCK and row.field.key in self.request.POST.getlist(LOCKED)
        ]

    def show(
        self, form: SubmitForm, form_key: str, files: FormFiles, signed: str | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The form with a key; signed is the moment it was first handed out."""
        return self.page(
            form=form, form_key=form_key, opened_token=signed or stamp(form_key), files=files.uploads, trap=TRAP,
            photos={name: sent.uploads for name, sent in self.photos.items()}, is_own_address=self.is_own_address,
            known=self.known, status=status, articles_read=self.articles_read, fragment_url=self.fragment_url(),
            form_url=self.form_url(), **expectations(form.chosen_type),
        )  # fmt: skip

    def form_url(self) -> str:
        """The form with everything that may be asked for."""
        return reverse("help:ticket_submit")

    def fragment_url(self) -> str:
        """Where promise and questions of another type come from."""
        return reverse("help:ticket_expected")


class TicketExpected(TicketSubmit):
    """The promise and the questions of another type, fetched when it is chosen; what was answered is kept."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "HX-Request" not in request.headers:
            return redirect("help:ticket_submit")
        key = request.GET.get("request_type", "")
        answers, locked = from_address(self.questions(key), request.GET)
        form_key = known_key(request.GET.get("form_key", ""))
        context = {
            "form": self.form(initial={"request_type": key, **answers}, locked=locked),
            "form_key": form_key,
            "upload_max_bytes": settings.UPLOAD_MAX_BYTES,
            "upload_max_files": MAX_FILES,
            "is_fragment": True,
        }
        chosen = context["form"].chosen_type
        return render(request, "tickets/public/partials/_chosen.html", {**context, **expectations(chosen)})


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
            address=masked_address(ticket) if link_travels(ticket) else "",
            is_text=not ticket.reply_email,
            answers=rows(ticket),
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
