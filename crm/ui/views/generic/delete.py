"""Deleting: says what goes with the record and what stands in the way, before it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, NotAllowed, NotFound

from ...generic.dependents import Dependents, dependents_of
from .base import RecordView


class DeleteView(RecordView):
    """GET lists the dependents; POST calls `action(actor=…, record=…)`.

    success_url_name: by default the model's list.
    """

    action: ClassVar[Callable[..., Any]]
    success_url_name: ClassVar[str] = ""
    template_name: ClassVar[str] = "ui/generic/delete.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        name = str(self.object)
        if self.dependents().blocked:
            return self.page(status=409)
        try:
            self.perform(self.object)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            return self.page(status=error.status, error=error.message)
        self.say_done(name)
        return redirect(self.next_url())

    def dependents(self) -> Dependents:
        """What goes with the record, and what stands in the way."""
        return dependents_of(self.object)

    def perform(self, record: Any) -> Any:
        """Calls the action."""
        return self.verb()(actor=self.actor, **{self.record_as: record})

    def say_done(self, name: str) -> None:
        """Tells that it is done."""
        messages.success(self.request, _("%(name)s is deleted.") % {"name": name})

    def page(self, status: int = 200, error: Any = "") -> HttpResponse:
        context = {
            "record": self.object,
            "dependents": self.dependents(),
            "error": error,
            "view": self,
        }
        return render(self.request, self.template_name, context, status=status)

    def next_url(self) -> str:
        """Where a deletion leads."""
        return reverse(self.success_url_name) if self.success_url_name else self.list_url or "/"
