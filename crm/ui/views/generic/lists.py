"""What hangs on every list: tab counts, columns, export. Each asks for the list's own permission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crm.accounts.choices import Density
from crm.core.errors import Invalid, NotFound
from crm.core.text import row_id
from crm.jobs.models import Job

from ...generic import actions, exports
from ...generic import preferences as list_preferences
from ...generic import state as states
from ...generic.engine import Rows, capped_count, chosen_columns, rows_for, rows_of_query
from ...generic.state import PAGE_SIZES
from ...lists import Column, lists
from .base import StaffView

COUNT_SECONDS = 60


class ListPartView(StaffView):
    """Something of the list named in the address; its permission is the declaration's."""

    permission: ClassVar[str | None] = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = lists.offered(kwargs["key"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            if self.page is None:
                raise NotFound
            self.actor.require(self.page.permission)
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> Rows:
        """The list whose query string stands in this address too."""
        tabs = states.tabs_for(self.page, self.actor)
        preference = list_preferences.of(self.actor, self.page.key)
        state = states.read(self.page, self.actor, self.request.GET, tabs, preference)
        return rows_for(self.page, self.actor, state, self.request)

    def back_url(self) -> str:
        """The list as it was."""
        query = self.request.GET.urlencode()
        return f"{reverse(self.page.url_name)}?{query}" if query else reverse(self.page.url_name)


class ViewCountsView(ListPartView):
    """GET /lists/<key>/counts/ → one fragment with the count of every tab, each kept for a minute."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        tabs = [tab for tab in states.tabs_for(self.page, self.actor) if tab.pinned]
        counts = [(tab, self._count(tab)) for tab in tabs]
        return render(request, "ui/generic/partials/_counts.html", {"counts": counts})

    def _count(self, tab: states.ViewTab) -> str:
        rows = rows_of_query(self.page, self.actor, tab.params.urlencode())
        name = f"count:{rows.digest()}"
        text = cache.get(name)
        if text is None:
            text = capped_count(rows.queryset()).text
            cache.set(name, text, COUNT_SECONDS)
        return str(text)


class ColumnsView(ListPartView):
    """GET /lists/<key>/columns/ shows the dialog as a page; POST keeps columns, density and page size, or resets."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        preference = list_preferences.of(self.actor, self.page.key)
        return self._form(list(preference.columns) if preference else [])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        wanted = request.POST.getlist("columns")
        if "move" in request.POST:
            return self._form(_moved(wanted, request.POST["move"]))
        if "reset" in request.POST:
            wanted, density, size = [], "", 0
        else:
            density, text = request.POST.get("density", ""), request.POST.get("per_page", "")
            size = row_id(text) or 0
            if not wanted:
                raise Invalid(_("Choose at least one column."))
        actions.save_list_preference(actor=self.actor, page=self.page, columns=wanted, density=density, page_size=size)
        query = request.GET.copy()
        for name in ("cols", "per_page", "page"):
            query.pop(name, None)
        url = reverse(self.page.url_name)
        return redirect(f"{url}?{query.urlencode()}" if query else url)

    def _form(self, wanted: list[str]) -> HttpResponse:
        shown = chosen_columns(self.page, self.actor, wanted)
        rest = [column for column in self.page.columns_for(self.actor) if column not in shown]
        preference = list_preferences.of(self.actor, self.page.key)
        context = {
            "page": self.page,
            "all_columns": [(column, True) for column in shown] + [(column, False) for column in rest],
            "density": preference.density if preference else "",
            "densities": Density.choices,
            "per_page": preference.page_size if preference else 0,
            "page_sizes": PAGE_SIZES,
            "query_text": self.request.GET.urlencode(),
            "back": self.back_url(),
        }
        return render(self.request, "ui/generic/columns.html", context)


def _moved(keys: list[str], move: str) -> list[str]:
    """The keys with one moved: "up:status", "down:status"."""
    way, _colon, key = move.partition(":")
    if key in keys:
        at = keys.index(key)
        to = max(0, min(len(keys) - 1, at - 1 if way == "up" else at + 1))
        keys.insert(to, keys.pop(at))
    return keys


class ExportView(ListPartView):
    """POST /lists/<key>/export/?<state> with `format`: a file at once, or a job for more than 2,000 rows."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        format = request.POST.get("format", "csv")
        if format not in exports.FORMATS:
            raise Invalid(_("Choose CSV or Excel."))
        self.actor.require(self.page.export_permission or self.page.permission)
        rows = self.rows()
        columns = exports.columns_of(self.page, self.actor, rows.state.columns)
        if rows.narrow_ids() is None:
            return redirect("ui:job_detail", pk=self._start_job(rows, columns, format).pk)
        body = exports.direct_file(rows, columns, format)
        actions.record_export(actor=self.actor, page=self.page, rows=len(rows.narrow_ids() or ()), format=format)
        response = HttpResponse(body, content_type=exports.FORMATS[format])
        response["Content-Disposition"] = content_disposition_header(True, exports.file_name(self.page, format))
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _start_job(self, rows: Rows, columns: Sequence[Column], format: str) -> Job:
        return exports.start_export(
            actor=self.actor,
            page=self.page,
            query=rows.state.as_query().urlencode(),
            columns=columns,
            format=format,
            total=rows.queryset().count(),
        )
