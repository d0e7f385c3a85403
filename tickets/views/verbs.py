"""What staff do with one ticket."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError, NotFound
from crm.core.text import clean_line, row_id
from crm.messaging.actions import save_draft
from crm.messaging.choices import DraftKind
from crm.ui.generic.record_page import RecordContext
from crm.ui.public_forms import known_key
from crm.ui.views.generic import ActionView, StaffView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..canned import text_for
from ..explanations import assignment_steps, deadline_steps, rule_text
from ..forms.parts import DespitePartsForm, FinishPartForm, ResolveWholeForm
from ..forms.tickets import PriorityForm, ReassignForm, StatusForm
from ..mentions import mentions_in
from ..models import CannedReply, Status, Ticket
from ..selectors import latest_decision, others_on, undo_seconds_of
from .pages import RELATIONS, TicketDetail, detail_context
from .uploads import posted_uploads, staged_uploads
from .walking import back_to, onward


class TicketVerb(ActionView):
    """A verb on the ticket of the address."""

    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def call(self, **values: Any) -> Any:
        """Runs the verb on the ticket."""
        return self.verb()(actor=self.actor, ticket=self.object, **values)

    def perform(self, values: dict[str, Any]) -> Any:
        return self.call(**values)

    def answer(self) -> HttpResponse:
        still_there = self.rows().filter(pk=self.object.pk).exists()
        return back_to(self.request, self.object) if still_there else super().answer()


class TicketAccept(TicketVerb):
    permission = "tickets.take"
    action = actions.accept_ticket
    title = gettext_lazy("Take this ticket?")
    button = gettext_lazy("Take ticket")


class TicketResolve(TicketVerb):
    """Cause and solution of a ticket; of a part, its result."""

    permission = "tickets.resolve"
    action = actions.resolve_ticket
    form_class = ResolveWholeForm
    title = gettext_lazy("Resolve %(name)s")
    button = gettext_lazy("Resolve")
    done = gettext_lazy("%(name)s is resolved; the customer is asked for a rating.")

    def make_form(self) -> Any:
        if self.object.parent_id is None:
            return super().make_form()
        self.title, self.button = _("Finish %(name)s"), _("Finish part")  # type: ignore[misc]
        self.done = _("%(name)s is finished; whoever holds the ticket is told.")  # type: ignore[misc]
        return FinishPartForm(self.request.POST if self.request.method == "POST" else None)

    def form_kwargs(self) -> dict[str, Any]:
        return {"ticket": self.object}

    def perform(self, values: dict[str, Any]) -> Any:
        if self.object.parent_id is None:
            return super().perform(values)
        return actions.finish_part(actor=self.actor, ticket=self.object, **values)

    def answer(self) -> HttpResponse:
        return onward(self.request, self.object)


class TicketClose(TicketVerb):
    permission = "tickets.resolve"
    action = actions.close_ticket
    form_class = DespitePartsForm
    title = gettext_lazy("Close %(name)s?")
    button = gettext_lazy("Close ticket")
    done = gettext_lazy("%(name)s is closed.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"ticket": self.object}


class TicketReassign(TicketVerb):
    permission = "tickets.reassign"
    action = actions.reassign_ticket
    form_class = ReassignForm
    title = gettext_lazy("Hand over %(name)s")
    text = gettext_lazy("If the ticket leaves your data scope, you will no longer see it.")
    button = gettext_lazy("Hand over")
    done = gettext_lazy("%(name)s is handed over.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"ticket": self.object}


class TicketStatus(TicketVerb):
    permission = "tickets.update"
    action = actions.change_status
    form_class = StatusForm
    title = gettext_lazy("Change the status of %(name)s")


class TicketPriority(TicketVerb):
    permission = "tickets.update"
    action = actions.change_priority
    form_class = PriorityForm
    title = gettext_lazy("Change the priority of %(name)s")


class Composer(RecordView):
    """Sends what the composer holds; on an error the page comes back with the text in it."""

    model = Ticket
    lookup = "number"
    relations = RELATIONS
    mode = "reply"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return back_to(request, self.record())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        form_key = known_key(request.POST.get("form_key", ""))
        if "insert" in request.POST:
            return self.with_canned_reply(ticket, form_key)
        try:
            self.send(ticket, form_key, posted_uploads(request, form_key))
        except DomainError as error:
            return self.again(ticket, form_key, error)
        return self.leave(ticket)

    def leave(self, ticket: Ticket) -> HttpResponse:
        """Where to go once it is sent."""
        return back_to(self.request, ticket)

    def send(self, ticket: Ticket, form_key: str, uploads: list[str]) -> None:
        """Calls the action that sends."""
        raise TypeError(f"{type(self).__name__} does not say how it sends")

    def with_canned_reply(self, ticket: Ticket, form_key: str) -> HttpResponse:
        """The page with the chosen canned reply at the end of what was typed, where no script runs."""
        typed = self.request.POST.get("body", "").rstrip()
        offered = CannedReply.objects.offered(self.actor, ticket.team_id)
        chosen = offered.filter(pk=row_id(self.request.POST.get("canned", ""))).first()
        text = text_for(chosen, ticket, self.actor) if chosen is not None else ""
        return self.page(ticket, form_key, "\n\n".join(part for part in (typed, text) if part))

    def again(self, ticket: Ticket, form_key: str, error: DomainError) -> HttpResponse:
        """The ticket page with what happened and what was typed."""
        return self.page(ticket, form_key, self.request.POST.get("body", ""), str(error), error.status)

    def page(self, ticket: Ticket, form_key: str, body: str, error: str = "", status: int = 200) -> HttpResponse:
        """The ticket page with that text in the composer."""
        page = TicketDetail()
        page.setup(self.request, number=ticket.number)
        page.object = ticket.__class__.objects.select_related(*RELATIONS).get(pk=ticket.pk)
        typed = {
            f"{self.mode}_text": body,
            "mode": self.mode,
            "composer_error": error,
            "form_key": form_key,
            "kept_files": staged_uploads(form_key),
        }
        context = {
            "record": page.object,
            "detail": RecordContext(page, page.object, self.viewer),
            "view": page,
            **detail_context(self.request, page.object, **typed),
        }
        return render(self.request, page.template_name, context, status=status)


class TicketReply(Composer):
    permission = "tickets.reply"

    def send(self, ticket: Ticket, form_key: str, uploads: list[str]) -> None:
        seen = self.request.POST.get("seen_message_id", "")
        seconds = undo_seconds_of(self.actor)
        pending = actions.send_reply_in(
            hold_seconds=seconds,
            actor=self.actor,
            ticket=ticket,
            body=self.request.POST.get("body", ""),
            form_key=form_key,
            uploads=uploads,
            then=self._then(),
            seen_message_id=row_id(seen),
        )
        if pending is None:
            messages.success(self.request, _("The reply to %(name)s is on its way.") % {"name": ticket.contact.name})
            return
        text = _("The reply to %(name)s goes out in %(seconds)s seconds.")
        undo = reverse("tickets:ticket_take_back", args=[ticket.number])
        values = {"name": ticket.contact.name, "seconds": seconds}
        messages.success(self.request, text % values, extra_tags=undo)

    def leave(self, ticket: Ticket) -> HttpResponse:
        return onward(self.request, ticket)

    def _then(self) -> Status | None:
        key = clean_line(self.request.POST.get("then", ""), 50)
        return Status.objects.filter(key=key, is_active=True).first() if key else None


class TicketNote(Composer):
    permission = "tickets.note"
    mode = "note"

    def send(self, ticket: Ticket, form_key: str, uploads: list[str]) -> None:
        body = self.request.POST.get("body", "")
        actions.add_note(actor=self.actor, ticket=ticket, body=body, form_key=form_key, uploads=uploads)
        blind = [mention.user.name for mention in mentions_in(body, ticket) if not mention.may_see]
        if blind:
            text = _("The note is saved, but %(names)s cannot see this ticket and was not told.")
            messages.warning(self.request, text % {"names": ", ".join(blind)})


class TicketDraft(RecordView):
    """Keeps what is being typed, and lets colleagues see that somebody types."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = ("conversation",)

    def post(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        if kind not in DraftKind.values:
            raise NotFound
        body = request.POST.get("body", "")
        save_draft(actor=self.actor, conversation=ticket.conversation, kind=kind, body=body)
        actions.be_present(actor=self.actor, ticket=ticket, writing=bool(body.strip()))
        return JsonResponse({"saved": True})


class TicketPresence(RecordView):
    """Tells that I am here and who else is."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = ("conversation",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        actions.be_present(actor=self.actor, ticket=ticket, writing=False)
        newest = ticket.conversation.messages.order_by("-pk").values_list("pk", flat=True).first()
        seen = row_id(request.POST.get("seen_message_id", ""))
        context = {
            "ticket": ticket,
            "others": others_on(self.actor, ticket),
            "is_stale": seen is not None and newest is not None and newest > seen,
        }
        return render(request, "tickets/partials/_presence.html", context)


class TicketWhy(RecordView):
    """Why the ticket went to this person, and why it is due then."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        decision = latest_decision(self.actor, ticket)
        context = {
            "ticket": ticket,
            "decision": decision,
            "steps": assignment_steps(decision) if decision else None,
            "rule": rule_text(decision) if decision else "",
            "deadlines": deadline_steps(ticket),
        }
        return render(request, "tickets/ticket_why.html", context)


class TicketNext(StaffView):
    """Takes the most pressing unassigned ticket of my teams."""

    permission = "tickets.take"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = actions.take_next(actor=self.actor)
        if ticket is None:
            messages.info(request, _("Nothing is waiting in your teams."))
            return redirect(reverse("tickets:ticket_list"))
        return back_to(request, ticket)
