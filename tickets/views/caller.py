"""Opening a ticket for somebody on the phone: who it is, what they asked before, and the ticket, on one page."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import NotFound
from crm.core.text import clean_line, row_id
from crm.fields.forms import PREFIX
from crm.messaging.actions import save_draft
from crm.messaging.selectors import drafts_of
from crm.ui.views.generic import CreateView, StaffView
from customers.links import name_of, record_named
from customers.models import Contact
from customers.recognising.finding import as_new_person
from customers.selectors import contacts_of, customer_by_number, email_of, phone_of, shown_address

from .. import actions
from ..actions.intake import Caller
from ..callers import OFFERED, Person, as_offered, history_of, look_for
from ..forms.tickets import NewTicketForm
from ..models import RequestType, RequestTypeQuestion, Ticket
from ..questions import questions_for_callers
from .public.answering import from_address

#: On the pages of which records a ticket is made with one click. Each has a `customer`.
MADE_FROM = ("opportunity",)


class TicketCreate(CreateView):
    """Staff open a ticket for somebody who called or wrote.

    One form: without scripts its buttons find, choose and forget the person, and what was typed stays.
    """

    permission = "tickets.create"
    model = Ticket
    form_class = NewTicketForm
    action = actions.create_ticket
    title = gettext_lazy("New ticket")
    button = gettext_lazy("Create ticket")
    template_name = "tickets/caller.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sent = request.POST
        if "add_to" in sent:
            return self.add_to(row_id(sent["add_to"]))
        person = clean_line(sent.get("pick", ""), 20) if "pick" in sent else sent.get("contact", "")
        is_asking = not any(sent.get(name) for name in ("contact", "name", "phone", "email")) and bool(sent.get("q"))
        if is_asking or {"find", "pick", "forget"} & sent.keys():
            return self.page(self.as_typed("" if "forget" in sent else person))
        return super().post(request, **kwargs)

    def as_typed(self, contact: str) -> Any:
        """The form with what was typed, not checked yet, and that person."""
        typed = {**self.request.POST.dict(), "contact": contact}
        return NewTicketForm(initial=typed, **self.form_kwargs())

    def add_to(self, number: int | None) -> HttpResponse:
        """To the note of a ticket that is open already, with the words typed here in it."""
        ticket = Ticket.objects.visible_to(self.actor).filter(number=number or 0).first()
        if ticket is None:
            raise NotFound
        words = [self.request.POST.get(name, "").strip() for name in ("subject", "description")]
        draft = drafts_of(self.actor, ticket.conversation).get("note")
        text = "\n\n".join(part for part in (draft.body if draft else "", *words) if part)
        if text:
            save_draft(actor=self.actor, conversation=ticket.conversation, kind="note", body=text)
        return redirect(f"{reverse('tickets:ticket_detail', args=[ticket.number])}?compose=note#composer")

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "questions": self.questions()}

    def questions(self) -> list[RequestTypeQuestion]:
        """What the type asks that is chosen, or stands there to begin with."""
        given = self.request.POST.get("request_type") or self.request.GET.get("request_type")
        return asked_of(given or self.initial().get("request_type"))

    def initial(self) -> dict[str, Any]:
        if "request_type" in self.request.GET:
            return {}
        latest = Ticket.objects.filter(created_by_id=self.actor.user_id or 0).order_by("-pk")
        return {"request_type": latest.values_list("request_type", flat=True).first()}

    def perform(self, values: dict[str, Any]) -> Any:
        typed = {name: values.pop(name) for name in ("name", "phone", "email")}
        values.pop("q")
        caller = Caller(**typed) if values["contact"] is None else None
        return actions.create_ticket(actor=self.actor, caller=caller, source=self.origin, **values)

    def write(self, form: Any) -> Any:
        with transaction.atomic():
            values = {name: value for name, value in form.cleaned_data.items() if not name.startswith(PREFIX)}
            return self.perform({**values, "answers": form.answers})

    @cached_property
    def origin(self) -> Any:
        """The record on whose page the ticket was begun, None for a call."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return record_named(self.actor, sent.get("from", ""), MADE_FROM)

    def done_text(self, record: Any) -> str:
        return _("Ticket %(number)s is created.") % {"number": record.label}

    def page(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        person = _chosen(self.actor, form["contact"].value())
        people = None if person is not None else self.people(form)
        if people is not None and not form.is_bound:
            form.initial |= {name: value for name, value in _new(form).items() if not form.initial.get(name)}
        context |= {"origin": self.origin, "origin_name": name_of(self.origin) if self.origin else ""}
        return super().page(form, status, **person_context(self.actor, person), people=people, **context)

    def people(self, form: Any) -> list[Person] | None:
        """Who is offered: those of the customer in the address, else whom the search box means."""
        number = row_id(self.request.GET.get("customer", ""))
        if number is not None and not form.is_bound:
            customer = customer_by_number(self.actor, number)
            return as_offered(self.actor, contacts_of(self.actor, customer)[:OFFERED])
        text = form["q"].value() or ""
        return look_for(self.actor, text) if text else None


class CallerQuestions(StaffView):
    """GET ?request_type=: what that type asks; what is typed already goes along and stays."""

    permission = "tickets.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = asked_of(request.GET.get("request_type"))
        typed, _locked = from_address(asked, request.GET)
        form = NewTicketForm(initial=typed, actor=self.actor, questions=asked)
        return render(request, "tickets/partials/_caller_questions.html", {"form": form})


def asked_of(raw: Any) -> list[RequestTypeQuestion]:
    """What staff ask for the type of that id; nothing for none."""
    kind = RequestType.objects.usable().filter(pk=row_id(str(raw or "")) or 0).first()
    return questions_for_callers(kind) if kind is not None else []


class CallerPeople(StaffView):
    """GET ?q=: whom the search box means, and what a new person would start with."""

    permission = "tickets.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = clean_line(request.GET.get("q", ""), 100)
        form = NewTicketForm(initial=as_new_person(text), actor=self.actor)
        people = look_for(self.actor, text) if text else None
        return render(request, "tickets/partials/_caller_people.html", {"form": form, "people": people})


class CallerPerson(StaffView):
    """GET ?contact=: the chosen person for the form and their history beside it; without, the search box again."""

    permission = "tickets.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        person = _chosen(self.actor, request.GET.get("contact", ""))
        form = NewTicketForm(initial={"contact": person.pk if person else None}, actor=self.actor)
        context = {"form": form, "is_fragment": True, **person_context(self.actor, person)}
        return render(request, "tickets/partials/_caller_who.html", context)


def _new(form: Any) -> dict[str, str]:
    """What was looked for as a new person's first words, unless some are typed already."""
    typed = any(form.initial.get(name) for name in ("name", "phone", "email"))
    return {} if typed else as_new_person(form["q"].value() or "")


def _chosen(actor: Any, raw: Any) -> Contact | None:
    pk = row_id(str(raw or ""))
    if pk is None:
        return None
    rows = Contact.objects.visible_to(actor).select_related("customer__brand").prefetch_related("identities")
    return rows.filter(pk=pk).first()


def person_context(actor: Any, person: Contact | None) -> dict[str, Any]:
    """The person's card and their history; nothing while nobody is chosen."""
    if person is None:
        return {"person": None, "history": None}
    addresses = [shown_address(actor, row) for row in (phone_of(person), email_of(person)) if row is not None]
    return {"person": person, "addresses": addresses, "history": history_of(actor, person)}
