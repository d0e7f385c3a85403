"""The wizard: file, columns, check, import; each step has an address of its own and works without a script."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock
from crm.core.errors import DomainError, NotFound, NotReady
from crm.ui.generic.form_errors import show_error
from crm.ui.lists import lists
from crm.ui.views.generic import ActionView, ListView, RecordView, StaffView

from . import actions, selectors
from .actions.checking import foreseen
from .actions.receiving import is_open
from .choices import WORKING, State
from .declarations import Importer, importers
from .forms import ColumnsForm, FileForm
from .models import Import

USE = "exchange.use"
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportList(ListView):
    permission = USE
    page = "import"


class ImportChoose(StaffView):
    """GET /imports/new/: what can be imported."""

    permission = USE

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "exchange/choose.html", {"importers": importers.for_actor(self.actor)})


class ImporterView(StaffView):
    """A page about one declaration."""

    permission = USE

    @property
    def importer(self) -> Importer:
        return selectors.importer_named(self.actor, self.kwargs["key"])


class ImportUpload(ImporterView):
    """GET and POST /imports/new/<key>/: the file."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.page(FileForm())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file = form.cleaned_data["file"]
        try:
            record = actions.receive_file(
                actor=self.actor, importer=self.importer, file=file, name=file.name,
                encoding=form.cleaned_data["encoding"], delimiter=form.cleaned_data["delimiter"],
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)
        return redirect("exchange:import_columns", record.pk)

    def page(self, form: FileForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "importer": self.importer, "steps": steps(0), **origin(self.importer)}
        return render(self.request, "exchange/upload.html", context, status=status)


class ImportTemplate(ImporterView):
    """GET /imports/new/<key>/template/: an empty file with the headings; ?format=xlsx."""

    def get(self, request: HttpRequest, key: str) -> FileResponse:
        importer = self.importer
        return _file(
            request, str(importer.label), lambda target, kind: selectors.write_template(target, importer, kind)
        )


class ImportView(RecordView):
    """The import of the address."""

    permission = USE
    model = Import
    relations = ("job", "owner")
    step = 0
    object: Any

    @property
    def importer(self) -> Importer:
        """Raises `NotFound` when its app is gone."""
        found = selectors.importer_of(self.object)
        if found is None:
            raise NotFound
        return found

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        shared = {
            "record": self.object, "importer": self.importer, "steps": steps(self.step), "state": self.object.stage,
            "is_working": self.object.stage in WORKING, **origin(self.importer),
        }  # fmt: skip
        return render(self.request, template, {**shared, **context}, status=status)

    def progress(self, address: str) -> HttpResponse:
        """The fragment that asks again until the job has ended; then the page is loaded whole."""
        if self.object.stage not in WORKING:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        return self.show("exchange/partials/_progress.html", address=address)


class ImportColumns(ImportView):
    """GET and POST /imports/<pk>/columns/: what the columns mean; then the check begins."""

    step = 1

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = self.record()
        return self.page(ColumnsForm(record=self.object, importer=self.importer))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = self.record()
        form = ColumnsForm(request.POST, record=self.object, importer=self.importer)
        if not form.is_valid():
            return self.page(form, status=422)
        values = form.cleaned_data
        try:
            actions.choose_columns(
                actor=self.actor, record=self.object, mapping=form.mapping(), existing=values["existing"],
                date_order=values["date_order"],
            )  # fmt: skip
            actions.start_check(actor=self.actor, record=self.object)
        except NotReady:
            raise
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)
        return redirect("exchange:import_check", pk)

    def page(self, form: ColumnsForm, status: int = 200) -> HttpResponse:
        if not is_open(self.object):
            return redirect(address_of(self.object))
        return self.show("exchange/columns.html", status=status, form=form)


class ImportCheck(ImportView):
    """GET /imports/<pk>/check/: what the file would do, row by row."""

    step = 2

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = record = self.record()
        if self.is_fragment:
            return self.progress(reverse("exchange:import_check", args=[pk]))
        if record.has_written:
            return redirect("exchange:import_detail", pk)
        if record.state == State.DRAFT:
            return redirect("exchange:import_columns", pk)
        outcome = request.GET.get("outcome", "")
        return self.show(
            "exchange/check.html",
            address=request.path,
            page=selectors.findings_page(record, outcome, request.GET.get("page")),
            outcome=outcome,
            problems=selectors.columns_with_problems(record),
            foreseen=foreseen(record),
            left_out=[heading for place, heading in enumerate(record.headings) if str(place) not in record.mapping],
        )


class ImportDetail(ImportView):
    """GET /imports/<pk>/: how far it is, what it did, and its way back."""

    step = 3

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = record = self.record()
        if self.is_fragment:
            return self.progress(reverse("exchange:import_detail", args=[pk]))
        if not record.has_written:
            return redirect(address_of(record))
        outcome = request.GET.get("outcome", "")
        return self.show(
            "exchange/detail.html",
            address=request.path,
            page=selectors.findings_page(record, outcome, request.GET.get("page")),
            outcome=outcome,
            written=selectors.written_links(self.actor, record),
            left=selectors.rows_left(record)[:100],
            is_stopped=record.stage == State.STOPPED,
        )


class ImportErrors(ImportView):
    """GET /imports/<pk>/errors/: the rows that were left out, with the reason; ?format=xlsx."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        self.object = record = self.record()
        name = _("%(file)s rows left out") % {"file": record.name.rpartition(".")[0] or record.name}
        return _file(request, name, lambda target, kind: selectors.write_errors(target, record, kind))


class ImportVerb(ImportView):
    """POST: a verb that asks nothing."""

    http_method_names = ("post",)
    verb_name = ""
    said: Any = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = self.record()
        getattr(actions, self.verb_name)(actor=self.actor, record=self.object)
        if self.said:
            messages.success(request, self.said)
        found = self.rows().filter(pk=pk).first()
        return redirect(address_of(found) if found else reverse("exchange:import_list"))


class ImportRun(ImportVerb):
    verb_name = "start_run"


class ImportRecheck(ImportVerb):
    verb_name = "start_check"


class ImportResume(ImportVerb):
    verb_name = "resume_run"


class ImportStop(ImportVerb):
    verb_name, said = "stop_import", gettext_lazy("The import is stopped. What was done stays done.")


class ImportDiscard(ImportVerb):
    verb_name, said = "discard_import", gettext_lazy("The file is thrown away. Nothing was imported.")


class ImportUndo(ImportView, ActionView):
    """GET asks, POST /imports/<pk>/undo/ begins."""

    action = actions.start_undo
    title = gettext_lazy("Undo the import of %(name)s?")
    text = gettext_lazy(
        "Records that it made go to the recycle bin, or away where there is none; changed ones get their former values "
        "back. Whatever somebody has worked with since stays as it is, and the page says why."
    )
    button = gettext_lazy("Undo import")
    danger = True

    def answer(self) -> HttpResponse:
        return redirect("exchange:import_detail", self.object.pk)


def steps(current: int) -> list[dict[str, Any]]:
    """The four steps, as ui/components/steps.html reads them."""
    labels = [_("1 File"), _("2 Columns"), _("3 Check"), _("4 Import")]
    return [
        {"label": label, "is_done": place < current, "is_current": place == current}
        for place, label in enumerate(labels)
    ]


def origin(importer: Importer) -> dict[str, Any]:
    """The list that the records stand in."""
    page = lists.get(importer.kind)
    return {"list_url": reverse(page.url_name) if page else "", "list_label": page.label if page else importer.label}


def address_of(record: Import) -> str:
    """The step an import is at."""
    if record.has_written:
        return reverse("exchange:import_detail", args=[record.pk])
    name = "import_columns" if record.state == State.DRAFT else "import_check"
    return reverse(f"exchange:{name}", args=[record.pk])


def _file(request: HttpRequest, name: str, write: Any) -> FileResponse:
    kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    target = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    write(target, kind)
    target.seek(0)
    response = FileResponse(
        target, as_attachment=True, filename=f"{name} {clock.today():%Y-%m-%d}.{kind}", content_type=_TYPES[kind]
    )
    response["Cache-Control"] = "no-store"
    return response
