"""Following one ticket by its secret link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core import limits
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import Conflict, Invalid, TooMany
from crm.core.tokens import new_token
from crm.fields.display import rows
from crm.messaging.actions import opt_in, opt_out
from crm.messaging.choices import OptOutSource
from crm.messaging.models import SmsOptOut
from crm.ui.public_forms import known_key
from crm.ui.views.public import minutes_of

from ...actions import confirm_by_customer, customer_reply, solve_by_customer, verify_requester
from ...choices import UNRESOLVED, StatusCategory
from ...conversation import conversation_for_customer
from ...exceptions import LinkInvalid
from ...forms.public import ReplyForm
from ...letters import Way, link_travels, way_to
from ...models import Rating, Ticket
from ...progress import is_with_customer, steps_of
from ...selectors import ticket_by_token
from ...service_hours import moment_words
from .base import FormFiles, TokenPage, files_of

REPLIES_PER_HOUR, REPLIES_PER_NETWORK, HOUR = 30, 120, 3600


class TicketPage(TokenPage):
    """A page of one ticket. `is_open`: the reader sees all of it and may write.

    The link that was sent opens it, since only its reader has it. The link shown after sending opens it only where
    none can be sent (a phone number that no text message reaches); otherwise it shows what the form's filler typed.
    """

    template_name = "tickets/public/track.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.token = kwargs.get("token", "")

    def address(self, verb: str = "") -> str:
        """Where a verb of this ticket is: "confirm", "reply", "solved" or "texts", "" for its page."""
        name = f"help:ticket_track_{verb}" if verb else "help:ticket_track"
        return reverse(name, args=[self.token])

    def links(self, ticket: Ticket) -> dict[str, str]:
        """The addresses that the page needs, by name."""
        found = {verb: self.address(verb) for verb in ("confirm", "reply", "solved", "texts")}
        return {**found, "page": self.address(), "again": reverse("help:ticket_ask_again", args=[self.token])}

    def rate_address(self, rating: Rating) -> str:
        """Where the rating that the customer is asked for is given."""
        return reverse("help:ticket_rate", args=[rating.token])

    def writer(self, ticket: Ticket) -> Actor:
        """Who acts on this page."""
        return customer_of(ticket)

    def load(self) -> Ticket:
        """The ticket behind the link, in the customer's language and zone. Raises `LinkInvalid`."""
        ticket, self.is_mailed_link = ticket_by_token(self.token)
        self.is_open = self.is_mailed_link or not link_travels(ticket)
        self.speak_to(ticket)
        return ticket

    def load_open(self) -> Ticket:
        """The same for a deed. Raises `LinkInvalid` where the link only shows."""
        ticket = self.load()
        if not self.is_open:
            if ticket.reply_email:
                raise LinkInvalid(_("Open the link in our email to write here: it shows that the address is yours."))
            raise LinkInvalid(_("Open the link in our text message to write here: it shows that the number is yours."))
        return ticket

    def confirm(self, ticket: Ticket) -> None:
        """The reader came by the mailed link and did something there: we may write to the address."""
        if self.is_mailed_link and ticket.verified_at is None:
            verify_requester(actor=self.writer(ticket), ticket=ticket)

    def show(
        self,
        ticket: Ticket,
        form: ReplyForm | None = None,
        form_key: str = "",
        files: FormFiles | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The ticket's page, with the answer box as it was left."""
        rating = Rating.objects.filter(ticket=ticket, cycle=ticket.cycle).first() if self.is_open else None
        return self.page(
            ticket=ticket,
            links={**self.links(ticket), "rate": self.rate_address(rating) if rating else ""},
            is_open=self.is_open,
            asks_to_confirm=self.is_mailed_link and ticket.verified_at is None,
            lines=conversation_for_customer(ticket, proved=self.is_open),
            steps=steps_of(ticket) if self.is_open else [],
            is_solved=ticket.status.category not in UNRESOLVED,
            is_yours=is_with_customer(ticket),
            gets_texts=self.is_mailed_link and way_to(ticket) is Way.SMS,
            wants_no_texts=self.is_mailed_link and has_opted_out(ticket),
            expected=_expected(ticket),
            rating=rating,
            may_confirm=ticket.status.category == StatusCategory.RESOLVED and bool(ticket.cause or ticket.solution),
            answers=rows(ticket) if self.is_open else [],
            is_mailed=self.is_mailed_link,
            may_decide=True,
            form=form or ReplyForm(),
            form_key=form_key or new_token(),
            files=files.uploads if files else [],
            status=status,
        )


class TicketTrack(TicketPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.load())


class TicketTrackConfirm(TicketPage):
    """The page sends this by itself where scripts run, by a button where they do not; opening alone writes nothing."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.confirm(self.load_open())
        if "HX-Request" in request.headers:
            return render(request, "tickets/public/partials/_confirmed.html")
        return redirect(self.address())


class TicketTrackReply(TicketPage):
    """The customer's answer; on an error the page comes back with text and files in it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.load_open()
        form_key = known_key(request.POST.get("form_key", ""))
        files = files_of(request, form_key)
        if "remove" in request.POST:
            return self.show(ticket, ReplyForm(initial=request.POST.dict()), form_key, files)
        form = ReplyForm(request.POST)
        for problem in files.problems:
            form.add_error("attachments", problem)
        if not form.is_valid():
            return self.show(ticket, form, form_key, files, status=422)
        return self.send(ticket, form, form_key, files)

    def send(self, ticket: Ticket, form: ReplyForm, form_key: str, files: FormFiles) -> HttpResponse:
        """Stores the answer, or shows the page again with what stands in the way."""
        try:
            self.count(ticket)
            customer_reply(
                actor=self.writer(ticket),
                ticket=ticket,
                body=form.cleaned_data["body"],
                form_key=form_key,
                uploads=files.tokens,
            )
        except Conflict:
            form.add_error(None, _("This was already sent with other words. To add these too, send them again."))
            return self.show(ticket, form, new_token(), status=409)
        except Invalid as error:
            form.add_error("body" if "body" in error.fields else "attachments", str(error))
            return self.show(ticket, form, form_key, files, status=422)
        except TooMany as error:
            form.add_error(
                None,
                _("Too many messages came in. Your words are kept here: send them again in %(minutes)s minutes.")
                % {"minutes": minutes_of(error)},
            )
            response = self.show(ticket, form, form_key, files, status=429)
            response["Retry-After"] = str(error.retry_after_seconds)
            return response
        self.confirm(ticket)
        messages.success(self.request, _("We have your message."))
        return redirect(self.address())

    def count(self, ticket: Ticket) -> None:
        """Raises `TooMany`."""
        limits.hit("track.reply", str(ticket.pk), limit=REPLIES_PER_HOUR, window_seconds=HOUR)
        network = client_network(self.request)
        limits.hit("track.network", network, limit=REPLIES_PER_NETWORK, window_seconds=HOUR)


class TicketTrackSolved(TicketPage):
    """ "It is solved", asked once more before it is done; the rating follows. Writing opens the ticket again.

    POST with `confirm` agrees to what we call solved, which closes the ticket.
    """

    template_name = "tickets/public/solved.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.load_open()
        if ticket.status.category not in UNRESOLVED:
            return redirect(self.address())
        return self.page(ticket=ticket, links=self.links(ticket))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.load_open()
        say = confirm_by_customer if "confirm" in request.POST else solve_by_customer
        rating = say(actor=self.writer(ticket), ticket=ticket)
        self.confirm(ticket)
        return redirect(self.rate_address(rating))


class TicketTrackTexts(TicketPage):
    """No text messages to this number any more, or again. Only the link that was sent there may say so."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.load_open()
        if not self.is_mailed_link or ticket.reply_email or not ticket.reply_phone:
            raise LinkInvalid
        actor = self.writer(ticket)
        if request.POST.get("texts") == "on":
            opt_in(actor=actor, phone=ticket.reply_phone)
        else:
            opt_out(actor=actor, phone=ticket.reply_phone, source=OptOutSource.CUSTOMER)
        return redirect(self.address())


def has_opted_out(ticket: Ticket) -> bool:
    """Whether the number that stands on a ticket without an email address wants no text messages."""
    phone = "" if ticket.reply_email else ticket.reply_phone
    return bool(phone) and SmsOptOut.objects.filter(phone=phone).exists()


def customer_of(ticket: Ticket) -> Actor:
    """The customer as the one who acts."""
    return Actor.contact(ticket.contact_id, ticket.contact.name)


def _expected(ticket: Ticket) -> str:
    if ticket.first_response_at is not None or ticket.answer_expected_at is None:
        return ""
    return moment_words(ticket.answer_expected_at)
