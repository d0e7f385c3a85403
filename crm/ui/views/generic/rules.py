"""The verbs in the cells of a list of rules. They answer with the list; the message offers the way back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, NotFound

from ...generic.rule_actions import move_rule, switch_rule
from ...lists import ListPage, lists
from ...ordering import asked
from ...redirects import own_address
from ...rules import RuleList, rule_lists
from .base import StaffView


class _RuleView(StaffView):
    """A rule named by list and id; the list's permission opens it, the app's verb decides."""

    permission: ClassVar[str | None] = ""
    http_method_names = ("post",)

    def declared(self) -> tuple[ListPage, RuleList]:
        """Raises `NotFound` for an unknown list, `NotAllowed` without its permission."""
        page, rules = lists.offered(self.kwargs["key"]), rule_lists.offered(self.kwargs["key"])
        if page is None or rules is None:
            raise NotFound
        self.actor.require(page.permission)
        return page, rules

    def rows(self, page: ListPage) -> Any:
        return page.model._default_manager.all().visible_to(self.actor)  # type: ignore[attr-defined]

    def back(self, page: ListPage) -> HttpResponse:
        """The list as it was seen: browsers name it in Referer."""
        seen = self.request.headers.get("Referer", "")
        return redirect(own_address(self.request, seen) if page.url_name and seen else reverse(page.url_name))


class RuleSwitchView(_RuleView):
    """POST /lists/<key>/<pk>/switch/?on=1 or 0."""

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        page, rules = self.declared()
        row, on = self.rows(page).fetch(self.actor, pk=pk), request.GET.get("on") == "1"
        try:
            switch_rule(actor=self.actor, declared=rules, row=row, on=on)
        except DomainError as error:
            messages.error(request, said(error))
        else:
            text = _("“%(name)s” is switched on.") if on else _("“%(name)s” is switched off.")
            undo = f"{reverse('ui:rule_switch', args=[key, pk])}?on={0 if on else 1}"
            messages.success(request, text % {"name": row}, extra_tags=undo)
        return self.back(page)


class RuleMoveView(_RuleView):
    """POST /lists/<key>/<pk>/move/?way=up or down&steps=1."""

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        page, rules = self.declared()
        row, (way, steps) = self.rows(page).fetch(self.actor, pk=pk), asked(request)
        try:
            moved = move_rule(actor=self.actor, declared=rules, rows=self.rows(page), row=row, way=way, steps=steps)
        except DomainError as error:
            messages.error(request, said(error))
            return self.back(page)
        if moved:
            other = "up" if way == "down" else "down"
            undo = f"{reverse('ui:rule_move', args=[key, pk])}?way={other}&steps={steps}"
            messages.success(request, _("“%(name)s” has another place.") % {"name": row}, extra_tags=undo)
        return self.back(page)


def said(error: DomainError) -> str:
    """The error's sentence, and those of its fields, which have no form to stand in here."""
    if not error.fields:
        return str(error)
    return " ".join(str(text) for text in error.fields.values())
