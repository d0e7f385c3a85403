"""The list page. With htmx only the results region changes; without JavaScript every control is a link or a form."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ...generic import preferences as list_preferences
from ...generic import state as states
from ...generic.engine import rows_for
from ...generic.presenter import ListContext
from ...lists import ListPage, lists
from .base import StaffView

#: The id of the region that htmx swaps.
RESULTS = "list-results"


class ListView(StaffView):
    """A declared list: `page` is the key of its `ListPage`.

    Filters, search, sort, page, view and columns are in the query string; at most 12 queries.
    """

    page: ClassVar[str]
    template_name: ClassVar[str] = "ui/generic/list.html"

    @property
    def declared(self) -> ListPage:
        return lists[self.page]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page = self.declared
        tabs = states.tabs_for(page, self.actor)
        preference = list_preferences.of(self.actor, page.key)
        state = states.read(page, self.actor, request.GET, tabs, preference)
        rows = rows_for(page, self.actor, state, request)
        context = ListContext(page, rows, tabs, preference, self.viewer)
        only_results = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == RESULTS
        template = "ui/generic/partials/_results.html" if only_results else self.template_name
        response = render(
            request, template, {"list": context, "view": self, "is_fragment": only_results, **self.extra()}
        )
        response["Vary"] = "HX-Request, HX-Target"
        return response

    def extra(self) -> dict[str, Any]:
        """Further values for the template."""
        return {}
