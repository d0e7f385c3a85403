"""Parts of a ticket: asking another team, and the panel with what they do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import NotReady
from crm.ui.views.generic import CreateView

from .. import actions
from ..choices import UNRESOLVED
from ..exceptions import NoFurtherParts, SolvedAlready
from ..forms.parts import PartForm
from ..models import Ticket


class PartCreate(CreateView):
    """Asks another team for a part of the ticket in the address."""

    permission = "tickets.create"
    model = Ticket
    lookup = "number"
    relations = ("status", "request_type", "brand", "customer", "contact")
    form_class = PartForm
    action = actions.open_part
    button = gettext_lazy("Ask the team")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and self.actor.can(self.permission):
            self.object = self.record()
            self.must_have_room(self.object)
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> Any:
        return Ticket.objects.workable_by(self.actor).select_related(*self.relations)

    def must_have_room(self, ticket: Ticket) -> None:
        """Raises `NoFurtherParts` or `SolvedAlready` before anything is typed."""
        refusal: NotReady | None = None
        if ticket.parent_id is not None:
            refusal = NoFurtherParts()
        elif ticket.status.category not in UNRESOLVED:
            refusal = SolvedAlready()
        if refusal is not None:
            raise refusal

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.open_part(actor=self.actor, ticket=self.object, **values)

    def heading(self) -> Any:
        return _("Ask another team for %(name)s") % {"name": self.object}

    def answer(self, record: Any) -> HttpResponse:
        super().answer(record)
        return redirect(self.url_of(self.object))

    def done_text(self, record: Any) -> str:
        return _("%(team)s is asked: %(number)s.") % {"team": record.team, "number": record.label}
