"""The recycle bin: find what was deleted, bring it back, delete it for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.activity.recording import kind_of
from crm.core.errors import DomainError, NotFound
from crm.core.sockets import recyclables
from crm.ui.views.generic import StaffView

from ..forms.recycle_bin import EraseForm, RecycleBinFilter
from ..selectors.recycle_bin import PAGE, BinRow, bin_page, find, find_one, kinds_for
from .intro import intro


class ToRecycleBin:
    """Put before `DeleteView` where the record goes to the bin: the toast links there and offers Undo."""

    object: Any
    request: HttpRequest
    #: The question before it says so, instead of listing what would go with the row.
    goes_to_bin = True

    def say_done(self, name: str) -> None:
        text = format_html(
            '{} <a href="{}">{}</a>',
            _("%(name)s is in the recycle bin.") % {"name": name},
            reverse("console:recycle_bin"),
            _("Recycle bin"),
        )
        undo = reverse("console:recycle_bin_undo", args=[kind_of(self.object).key, self.object.pk])
        messages.success(self.request, text, extra_tags=undo)


class RecycleBinView(StaffView):
    """GET /settings/recycle-bin/?q=&kind=&deleted_by=&before=: of every kind that the reader may delete."""

    permission = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = RecycleBinFilter(request.GET or None, viewer=self.actor)
        filters = dict(form.cleaned_data) if form.is_bound and (form.is_valid() or form.cleaned_data) else {}
        context = {
            "form": form,
            "page": bin_page(self.actor, filters, _moment(request.GET.get("before", ""))),
            "filtered": any(filters.values()),
            "may_erase": self.actor.can("console.erase"),
            "may_delete": bool(kinds_for(self.actor)),
            **intro("recycle_bin"),
        }
        return render(request, "console/recycle_bin.html", context)


class RestoreView(StaffView):
    """POST /settings/recycle-bin/restore/ with ids, or with `only` for the button of one row."""

    permission = ""
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        only = request.POST.get("only")
        rows = find(self.actor, [only] if only else request.POST.getlist("ids")[:PAGE])
        restored = 0
        for row in rows:
            try:
                recyclables[row.kind.key].restore(self.actor, row.record)
                restored += 1
            except DomainError as error:
                messages.error(request, f"{row.record}: {error.message}")
        if restored:
            said = ngettext("%(count)s record is back.", "%(count)s records are back.", restored)
            messages.success(request, said % {"count": restored})
        elif not rows:
            messages.warning(request, _("Choose the records to restore; they may be back already."))
        return redirect("console:recycle_bin")


class UndoView(StaffView):
    """POST /settings/recycle-bin/<kind>/<pk>/restore/: one record, for the Undo of the toast."""

    permission = ""
    http_method_names = ("post",)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        row = find_one(self.actor, kind, pk)
        recyclables[kind].restore(self.actor, row.record)
        messages.success(request, _("%(name)s is back.") % {"name": row.record})
        return redirect("console:recycle_bin")


class EraseView(StaffView):
    """GET /settings/recycle-bin/erase/?ids=… asks; POST with the typed word deletes for good."""

    permission = "console.erase"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = find(self.actor, request.GET.getlist("ids")[:PAGE])
        if not rows:
            messages.warning(request, _("Choose the records to delete for good."))
            return redirect("console:recycle_bin")
        return self._page(rows, EraseForm(word=_word(rows)))

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = find(self.actor, request.POST.getlist("ids")[:PAGE])
        if not rows:
            raise NotFound
        form = EraseForm(request.POST, word=_word(rows))
        if not form.is_valid():
            return self._page(rows, form, status=422)
        erased = 0
        for row in sorted(rows, key=lambda row: recyclables[row.kind.key].order):
            try:
                recyclables[row.kind.key].erase(self.actor, row.record)
                erased += 1
            except DomainError as error:
                messages.error(request, f"{row.record}: {error.message}")
        if erased:
            said = ngettext("%(count)s record is gone for good.", "%(count)s records are gone for good.", erased)
            messages.success(request, said % {"count": erased})
        return redirect("console:recycle_bin")

    def _page(self, rows: list[BinRow], form: EraseForm, status: int = 200) -> HttpResponse:
        context = {"rows": rows, "form": form, "back": reverse("console:recycle_bin")}
        return render(self.request, "console/recycle_bin_erase.html", context, status=status)


def _word(rows: list[BinRow]) -> str:
    """The number of the one record, or how many there are."""
    return rows[0].label if len(rows) == 1 else str(len(rows))


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
