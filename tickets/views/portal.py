"""A contact's tickets in the customer portal. The pages are those of the mailed link, found in another way."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.text import clean_line
from customers.choices import IdentityKind, PortalReach
from customers.models import Equipment, Order
from customers.views.portal import PortalPage
from customers.views.portal.pages import about

from ..actions import submit_in_portal
from ..choices import Audience
from ..models import Rating, Ticket
from ..portal import shown
from .public.rating import TicketRate
from .public.submit import Known, TicketExpected, TicketSubmit
from .public.tracking import TicketPage, TicketTrack, TicketTrackReply, TicketTrackSolved

PAGE = 20
#: What `?state=` may say; anything else is what is open.
STATES = ("open", "solved", "all")


class PortalTicketList(PortalPage):
    """GET /portal/tickets/?state=&whose=&q=: newest first."""

    template_name = "tickets/portal/list.html"
    section = "tickets"

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "")
        state = state if state in STATES else "open"
        query = clean_line(request.GET.get("q", ""), 200)
        access = getattr(self.visit.contact, "portal_access", None)
        sees_company = access is not None and access.reach == PortalReach.COMPANY
        is_mine = sees_company and request.GET.get("whose") == "mine"
        rows: Any = Ticket.objects.in_portal(self.actor)
        rows = rows.filter(contact=self.actor.id) if is_mine else rows
        rows = rows.matching(query) if query else rows
        if state != "all":
            rows = rows.unresolved() if state == "open" else rows.exclude(pk__in=rows.unresolved().order_by())
        rows = rows.select_related("status", "contact", "assignee").order_by("-last_message_at", "-pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return self.page(
            number=page,
            tickets=[shown(self.actor, ticket) for ticket in page],
            state=state,
            query=query,
            is_mine=is_mine,
            sees_company=sees_company,
        )


class OwnTicket(PortalPage, TicketPage):
    """A ticket of the portal by its number. Of a colleague's ticket everything is read and answered, no more."""

    section = "tickets"

    def load(self) -> Ticket:
        """The ticket, of those the contact sees. Raises `NotFound`."""
        rows = Ticket.objects.in_portal(self.actor)
        rows = rows.select_related("status", "request_type", "team", "assignee", "contact", "brand", "conversation")
        self.is_mailed_link, self.is_open = False, True
        ticket: Ticket = rows.fetch(self.actor, number=self.kwargs["number"])
        return ticket

    def load_open(self) -> Ticket:
        return self.load()

    def address(self, verb: str = "") -> str:
        name = f"support:ticket_{verb}" if verb else "support:ticket_detail"
        return reverse(name, args=[self.kwargs["number"]])

    def links(self, ticket: Ticket) -> dict[str, str]:
        return {"page": self.address(), "reply": self.address("reply"), "solved": self.address("solved")}

    def rate_address(self, rating: Rating) -> str:
        return self.address("rate")

    def writer(self, ticket: Ticket) -> Actor:
        return self.actor

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        is_own = "ticket" in context and context["ticket"].contact_id == self.actor.id
        mine = {
            "is_colleagues": not is_own,
            "may_decide": is_own,
            "reader_key": f"{int(self.actor.kind)}-{self.actor.id}",
        }
        return super().page(status=status, **{**context, **mine})


class PortalTicket(OwnTicket, TicketTrack):
    pass


class PortalTicketReply(OwnTicket, TicketTrackReply):
    pass


class PortalTicketSolved(OwnTicket, TicketTrackSolved):
    pass


class PortalTicketRate(PortalPage, TicketRate):
    """The verdict on a solved ticket of the contact's own."""

    section = "tickets"

    def load(self) -> Rating:
        """The rating of the ticket's present cycle. Raises `NotFound`, also while it was never solved."""
        rows = Ticket.objects.in_portal(self.actor).filter(contact=self.actor.id)
        ticket: Ticket = rows.fetch(self.actor, number=self.kwargs["number"])
        rating = (
            Rating.objects.select_related("ticket__brand", "ticket__contact")
            .filter(ticket=ticket)
            .order_by("cycle")
            .last()
        )
        if rating is None:
            raise NotFound
        return rating

    def address_of(self, rating: Rating) -> str:
        return reverse("support:ticket_rate", args=[self.kwargs["number"]])

    def writer(self, ticket: Ticket) -> Actor:
        return self.actor

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        back = reverse("support:ticket_detail", args=[self.kwargs["number"]])
        return super().page(status=status, **{**context, "back_url": back})


class PortalAsking(PortalPage):
    """The form, for somebody who need not say who they are. `?order=` and `?equipment=` say what it is about."""

    section = "tickets"
    audience = Audience.CUSTOMERS
    order: Order | None = None
    equipment: Equipment | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def prepare(self) -> None:
        """Who asks, and about what. Raises `NotFound` for what is not theirs."""
        identity, name = self.visit.identity, self.visit.contact.name
        is_mail = identity.kind == IdentityKind.EMAIL
        self.known = Known(name, email=identity.value) if is_mail else Known(name, phone=identity.value)
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        self.order, self.equipment = about(self.actor, given)

    def fragment_url(self) -> str:
        return reverse("support:ticket_expected")

    def form_url(self) -> str:
        return reverse("support:ticket_create")


class PortalTicketCreate(PortalAsking, TicketSubmit):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return super().post(request, **kwargs)

    def store(self, values: dict[str, Any]) -> Ticket:
        return submit_in_portal(actor=self.actor, values=values, order=self.order, equipment=self.equipment)

    def address_after(self, ticket: Ticket) -> str:
        return reverse("support:ticket_detail", args=[ticket.number])

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        things: list[tuple[str, int, str]] = []
        if self.order is not None:
            things.append(("order", self.order.number, str(self.order)))
        if self.equipment is not None:
            things.append(("equipment", self.equipment.pk, str(self.equipment)))
        return super().page(status=status, **{**context, "about": things})


class PortalTicketExpected(PortalAsking, TicketExpected):
    """Promise and questions of another type."""
