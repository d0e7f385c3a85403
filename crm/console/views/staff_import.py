"""Staff from a file: upload, what each row would do, the job, and what was left out as a file again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, Invalid, NotFound
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import RecordView, StaffView

from ..actions.staff_import import KIND, start_staff_import
from ..forms.staff_import import StaffFileForm, StaffImportForm
from ..selectors.staff_import import CREATE, SAME, SKIP, UPDATE, Planner
from ..staff_files import HEADINGS, LABELS, Row, csv_file, read_staff

MANAGE = "console.manage_staff"
_SALT = "crm.console.staff_import"
#: How long a page with a dry run stays good.
PAGE_SECONDS = 3600


class StaffImportView(StaffView):
    """GET and POST /settings/users/import/: asks for the file, then shows what it would do; nothing is stored."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(StaffFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StaffFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            found = read_staff(form.cleaned_data["file"].read())
            if not found.rows:
                raise Invalid(_("The file holds headings, but no people."))
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)
        planner = Planner(self.actor)
        plans = [planner.plan(row) for row in found.rows]
        counts = Counter(planned.outcome for planned in plans)
        token = signing.dumps({"user": request.user.pk, "rows": found.rows}, salt=_SALT, compress=True)
        context = {
            "lines": list(zip(range(2, len(plans) + 2), found.rows, plans, strict=True)),
            "counts": {"create": counts[CREATE], "update": counts[UPDATE], "same": counts[SAME], "skip": counts[SKIP]},
            "ignored": found.ignored,
            "useful": counts[CREATE] + counts[UPDATE],
            "form": StaffImportForm(initial={"rows": token}),
        }
        return render(request, "console/staff_import_check.html", context)

    def page(self, form: StaffFileForm, status: int = 200) -> HttpResponse:
        columns = [(label, HEADINGS[column][0], HEADINGS[column][1]) for column, label in LABELS.items()]
        return render(self.request, "console/staff_import.html", {"form": form, "columns": columns}, status=status)


class StaffImportStartView(StaffView):
    """POST /settings/users/import/start/: does what the page before showed."""

    permission = MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StaffImportForm(request.POST)
        if not form.is_valid():
            raise Invalid(_("Upload the file again: the page was not complete."))
        job = start_staff_import(
            actor=self.actor, rows=self.rows(form.cleaned_data["rows"]), send_mail=form.cleaned_data["send_mail"]
        )
        return redirect("console:staff_import_detail", job.pk)

    def rows(self, token: str) -> list[Row]:
        """The rows that were shown to this person. Raises `Invalid`."""
        try:
            found = signing.loads(token, salt=_SALT, max_age=PAGE_SECONDS)
        except signing.BadSignature as error:
            raise Invalid(_("Upload the file again: the page was too old.")) from error
        if found["user"] != self.request.user.pk:
            raise Invalid(_("Upload the file again: somebody else checked it."))
        return found["rows"]  # type: ignore[no-any-return]


class StaffImportSampleView(StaffView):
    """GET /settings/users/import/example.csv: headings in the reader's language, and one person."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        person = ["王芳", "wang.fang@example.com", "13900000000", "客服", "", "", "客服", "中文", "Asia/Shanghai"]
        if not _is_chinese():
            person = ["Wang Fang", person[1], person[2], "Agent", "", "", "Agent", "English", "Asia/Shanghai"]
        return _csv("staff.csv", csv_file(headings(HEADINGS), [person]))


class _ImportJob(RecordView):
    permission = MANAGE
    model = Job

    def rows(self) -> Any:
        return super().rows().filter(kind=KIND)


class StaffImportJobView(_ImportJob):
    """GET /settings/users/import/<pk>/: progress and what was left out."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.record()
        context = {
            "job": job,
            "is_over": job.state not in {JobState.WAITING, JobState.RUNNING},
            "done_count": job.done - job.skipped_count,
            "hidden_reasons": max(0, job.skipped_count - len(job.skipped)),
            "counts": job.result.get("counts", {}),
        }
        return render(request, "console/staff_import_job.html", context)


class StaffImportErrorsView(_ImportJob):
    """GET /settings/users/import/<pk>/errors.csv: the rows that were left out, to correct and send again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.record()
        failed = job.result.get("failed", [])
        if not failed:
            raise NotFound
        columns = [column for column in HEADINGS if any(column in row for row, _reason in failed)]
        body = [[*(row.get(column, "") for column in columns), reason] for row, reason in failed]
        return _csv("staff-errors.csv", csv_file([*headings(columns), _("Reason")], body))


def headings(columns: Iterable[str]) -> list[str]:
    """Headings in the reader's language, as `read_staff` knows them again."""
    return [HEADINGS[column][1 if _is_chinese() else 0] for column in columns]


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _csv(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
