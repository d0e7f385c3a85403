"""Deleting: says what goes with the record and what stands in the way, before it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import DomainError

from ...generic.dependents import dependents_of
from ...lists import lists
from .base import RecordView


class DeleteView(RecordView):
    """GET lists the dependents; POST calls `action(actor=…, record=…)`. success_url_name: by default the model's list."""

    action: ClassVar[Callable[..., Any]]
    success_url_name: ClassVar[str] = ""
    template_name: ClassVar[str] = "ui/generic/delete.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.record())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        record = self.record()
        name = str(record)
        found = dependents_of(record)
        if found.blocked:
            return self.page(record, status=409)
        try:
            self.perform(record)
        except DomainError as error:
            return self.page(record, status=error.status, error=error.message)
        messages.success(request, _("%(name)s is deleted.") % {"name": name})
        return redirect(self.next_url())

    def perform(self, record: Any) -> Any:
        """Calls the action."""
        return self.verb()(actor=self.actor, record=record)

    def page(self, record: Any, status: int = 200, error: Any = "") -> HttpResponse:
        context = {"record": record, "dependents": dependents_of(record), "back": self.url_of(record), "error": error}
        return render(
            self.request, self.template_name, {**context, "view": self, "list_url": self.next_url()}, status=status
        )

    def next_url(self) -> str:
        declared = lists.of_model(self.model)
        name = self.success_url_name or (declared.url_name if declared else "")
        return reverse(name) if name else "/"
