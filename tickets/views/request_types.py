"""One request type under /settings/service/types/: its questions, links and codes, times and template answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock
from crm.core.errors import DomainError, NotFound
from crm.core.models import Brand
from crm.core.tokens import new_token
from crm.ui.qr import qr_code, qr_inline
from crm.ui.views.generic import DetailView, StaffView
from crm.ui.views.generic.base import RecordView

from ..actions import desk
from ..actions.questions import move_question, remove_question, save_question
from ..forms.public import SubmitForm
from ..forms.types import LinksForm, QuestionForm
from ..links import form_address
from ..models import RequestType, RequestTypeQuestion, ServiceSettings, Ticket
from ..questions import questions_of, read_presets
from ..type_words import RECENT, asked_by, promise_of, recent_url, rule_of
from .settings import MANAGE, DeskCreate, DeskUpdate

#: Where counting the tickets of a type stops.
COUNTED = 1000
_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}


class RequestTypePage(DetailView):
    """What the type asks and promises, and the ways that lead to it."""

    permission = MANAGE
    model = RequestType
    relations = ("team", "skill")
    template_name = "tickets/request_type.html"

    def extra(self) -> dict[str, Any]:
        row = self.object
        asked = list(row.questions.select_related("field"))
        recent = Ticket.objects.visible_to(self.actor).filter(
            request_type=row, created_at__gte=clock.now() - RECENT
        ).order_by()  # fmt: skip
        return {
            "type": row,
            "questions": [(entry, rule_of(entry, asked, self.actor)) for entry in asked],
            "asked_by": asked_by(row),
            "promise": promise_of(row),
            "address": form_address(row),
            "recent_count": recent[: COUNTED + 1].count(),
            "counted": COUNTED,
            "recent_url": recent_url(row),
            "canned": row.canned_replies.filter(is_active=True, user__isnull=True).defer("body"),
        }


class RequestTypeSwitch(RecordView):
    """Switches a type on or off."""

    permission = MANAGE
    model = RequestType

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.record()
        row = desk.save_request_type(actor=self.actor, values={"is_active": not row.is_active}, record=row)
        text = _("%(name)s is switched on.") if row.is_active else _("%(name)s is switched off.")
        messages.success(request, text % {"name": row})
        return redirect("desk:request_type_detail", pk=row.pk)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("desk:request_type_detail", pk=self.record().pk)


class RequestTypePreview(RecordView):
    """The form as customers see it, in a language of choice; nothing can be sent from here."""

    permission = MANAGE
    model = RequestType
    template_name = "tickets/request_type_preview.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.record()
        text = ServiceSettings.objects.get(brand=Brand.default()).consent_text
        form = SubmitForm(
            types=[row], consent_text=str(text), questions=questions_of(row), initial={"request_type": row.key}
        )
        return render(request, self.template_name, {"type": row, "form": form, "form_key": new_token()})


class _OfType:
    """Pages of one type's questions; another type's question is not there."""

    permission = MANAGE
    model = RequestTypeQuestion
    back: ClassVar[str] = "desk:request_type_list"
    template_name = "tickets/question_form.html"
    relations = ("field", "request_type")
    request: HttpRequest
    kwargs: dict[str, Any]

    @property
    def request_type(self) -> RequestType:
        return RequestType.objects.fetch(self.request.actor, pk=self.kwargs["type_pk"])  # type: ignore[attr-defined,no-any-return]

    def rows(self) -> Any:
        return super().rows().filter(request_type=self.kwargs["type_pk"])  # type: ignore[misc]

    def url_of(self, record: Any) -> str:
        return reverse("desk:request_type_detail", args=[self.kwargs["type_pk"]])

    def extra(self) -> dict[str, Any]:
        return {"type": self.request_type, "list_url": reverse(self.back), "list_label": _("Request types")}

    def form_kwargs(self) -> dict[str, Any]:
        rows = list(self.request_type.questions.select_related("field"))
        row = getattr(self, "object", None)
        before = rows if row is None else [entry for entry in rows if (entry.order, entry.pk) < (row.order, row.pk)]
        taken = [entry.field_id for entry in rows]
        return {"actor": self.request.actor, "before": before, "taken": taken}  # type: ignore[attr-defined]


class QuestionCreate(_OfType, DeskCreate):
    form_class, action = QuestionForm, save_question
    title = gettext_lazy("Ask something more")
    button = gettext_lazy("Add question")

    def perform(self, values: dict[str, Any]) -> Any:
        return save_question(actor=self.actor, request_type=self.request_type, values=values)


class QuestionUpdate(_OfType, DeskUpdate):
    form_class, action = QuestionForm, save_question

    def perform(self, values: dict[str, Any]) -> Any:
        return save_question(
            actor=self.actor, request_type=self.object.request_type, values=values, record=self.object
        )  # fmt: skip


class QuestionVerb(_OfType, RecordView):
    """POST moves a question up or down, or removes it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.url_of(self.record()))

    def post(self, request: HttpRequest, verb: str, **kwargs: Any) -> HttpResponse:
        row = self.record()
        if verb not in {"up", "down", "remove"}:
            raise NotFound
        try:
            if verb == "remove":
                remove_question(actor=self.actor, record=row)
                messages.success(request, _("%(name)s is no longer asked. Answers on tickets stay.") % {"name": row})
            else:
                move_question(actor=self.actor, record=row, up=verb == "up")
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(f"{self.url_of(row)}#questions")


class RequestTypeCode(RecordView):
    """The QR code of the type's address as a file; `?room=1204` goes into it."""

    permission = MANAGE
    model = RequestType

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
        row = self.record()
        if kind not in _MEDIA:
            raise NotFound
        values, _locked = read_presets(questions_of(row), request.GET.dict())
        presets = {key: request.GET[key] for key in values}
        response = HttpResponse(qr_code(form_address(row, presets), kind), content_type=_MEDIA[kind])
        response["Content-Disposition"] = f'attachment; filename="{row.key}.{kind}"'
        return response


class RequestTypeLinks(StaffView):
    """GET asks which answers the link brings; POST gives the codes on a page for the printer. Nothing is stored."""

    permission = MANAGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(pk, None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(pk, request.POST)

    def page(self, pk: int, data: Any) -> HttpResponse:
        """The form, or the sheet when what was typed is right."""
        row = RequestType.objects.fetch(self.actor, pk=pk)
        form = LinksForm(data, questions=questions_of(row))
        context = {"type": row, "form": form}
        if data is None or not form.is_valid():
            return render(self.request, "tickets/type_links.html", context, status=200 if data is None else 422)
        sheet = [
            {"label": label, "address": form_address(row, presets), "picture": qr_inline(form_address(row, presets))}
            for label, presets in form.codes()
        ]
        names = list(dict.fromkeys(row.name.values()))
        return render(self.request, "tickets/type_sheet.html", {**context, "sheet": sheet, "names": names})
