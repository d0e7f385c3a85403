"""Dashboards: the list, each of them, and putting them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import Invalid, NotFound
from crm.core.text import row_id
from crm.ui.views.generic import CreateView, DeleteView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..board import Board
from ..choices import Size
from ..exceptions import NoSuchReport
from ..forms import DashboardForm, TileForm
from ..gallery.asking import asked
from ..gallery.cards import ReportCard, card_of
from ..models import PERIODS, Dashboard, FirstDashboard, Tile
from ..periods import LABELS

VIEW = "reports.view"


class DashboardList(StaffView):
    """GET /reports/dashboards/: those the reader may see; ?first=1 leads to the one they chose to see first."""

    permission = VIEW
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        first = FirstDashboard.objects.filter(user_id=self.actor.user_id or 0).first()
        rows = list(Dashboard.objects.visible_to(self.actor).select_related("owner", "team"))
        first_id = first.dashboard_id if first is not None else None
        if request.GET.get("first") and first_id in {row.pk for row in rows}:
            return redirect("reports:dashboard_detail", pk=first_id)
        return render(request, "reports/dashboards.html", {"dashboards": rows, "first_id": first_id})


class DashboardRecord(RecordView):
    model = Dashboard

    def url_of(self, record: Any) -> str:
        return reverse("reports:dashboard_detail", args=[record.pk])

    @property
    def list_url(self) -> str:
        return reverse("reports:dashboard_list")

    @property
    def list_label(self) -> Any:
        return _("Dashboards")


class _Form(DashboardRecord):
    permission = VIEW
    form_class = DashboardForm
    action = actions.save_dashboard

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class DashboardCreate(_Form, CreateView):
    title = gettext_lazy("New dashboard")


class _Own(DashboardRecord):
    """Only its owner changes it."""

    def rows(self) -> Any:
        return super().rows().editable_by(self.actor)


class DashboardUpdate(_Own, _Form, UpdateView):
    """Its name, days and audience."""


class DashboardDelete(_Own, DeleteView):
    permission = VIEW
    action = actions.delete_dashboard


@dataclass(frozen=True, slots=True)
class Place:
    """A tile as the page shows it. number: its place from 0."""

    number: int
    tile: Tile
    card: ReportCard
    board: Board

    @property
    def html_id(self) -> str:
        return f"tile-{self.number}"


class DashboardDetail(DashboardRecord):
    """GET /reports/dashboards/<pk>/[?edit=1]: its reports, each loading by itself."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        board = asked(request.GET, self.actor, row.period)
        places, hidden = self.places(row, board)
        may_edit = row.owner_id == self.actor.user_id
        is_editing = may_edit and request.GET.get("edit") == "1"
        first = FirstDashboard.objects.filter(user_id=self.actor.user_id or 0, dashboard=row).exists()
        context = {
            "dashboard": row, "board": board, "places": places, "hidden": hidden, "may_edit": may_edit,
            "is_editing": is_editing, "is_first": first, "periods": LABELS.items(), "sizes": Size.choices,
            "tile_periods": PERIODS, "form": TileForm(actor=self.actor) if is_editing else None,
        }  # fmt: skip
        return render(request, "reports/dashboard.html", context)

    def places(self, row: Dashboard, board: Board) -> tuple[list[Place], int]:
        """The tiles that the reader may read, and how many others there are."""
        found, hidden = [], 0
        for number, tile in enumerate(row.all_tiles):
            try:
                card = card_of(self.actor, tile.report)
            except NoSuchReport:
                hidden += 1
                continue
            own = asked({"period": tile.period}, self.actor) if tile.period else board
            found.append(Place(number, tile, card, own))
        return found, hidden


class TileVerb(_Own):
    """POST /reports/dashboards/<pk>/tiles/: one change of its reports, named by `do`; without scripts too."""

    permission = VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, data = self.record(), request.POST
        place = row_id(data.get("place", ""))
        said = {"actor": self.actor, "dashboard": row}
        match data.get("do"):
            case "add":
                actions.add_tile(**said, report=data.get("report", ""))
            case "order":
                places = [row_id(text) for text in data.get("places", "").split(",")]
                actions.order_tiles(**said, places=[-1 if number is None else number for number in places])
            case "remove" if place is not None:
                actions.remove_tile(**said, place=place)
            case "up" | "down" as way if place is not None:
                actions.move_tile(**said, place=place, by=-1 if way == "up" else 1)
            case "shape" if place is not None:
                actions.shape_tile(**said, place=place, size=data.get("size", ""), period=data.get("period", ""))
            case _:
                raise Invalid
        return redirect(f"{self.url_of(row)}?edit=1")


class AddFromReport(StaffView):
    """POST /reports/gallery/<key>/add/: puts the report on one of the reader's dashboards."""

    permission = VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        pk = row_id(request.POST.get("dashboard", ""))
        row = Dashboard.objects.editable_by(self.actor).filter(pk=pk or 0).first()
        if row is None:
            raise NotFound
        actions.add_tile(actor=self.actor, dashboard=row, report=key)
        messages.success(request, _("The report is on “%(dashboard)s”.") % {"dashboard": row})
        return redirect("reports:dashboard_detail", pk=row.pk)


class DashboardFirst(DashboardRecord):
    """POST /reports/dashboards/<pk>/first/: this one opens first, or no longer."""

    permission = VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        chosen = request.POST.get("first") == "1"
        actions.set_first_dashboard(actor=self.actor, dashboard=row if chosen else None)
        return redirect(self.url_of(row))
