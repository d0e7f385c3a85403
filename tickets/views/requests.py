"""My requests: what a colleague asked other departments for, signed in, whatever their roles."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import row_id
from crm.core.tokens import new_token
from crm.fields.forms import PREFIX
from crm.files.checks import MAX_FILES
from crm.ui.public_forms import known_key
from crm.ui.views.generic import StaffView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..choices import UNRESOLVED, Audience
from ..conversation import conversation_for_customer
from ..exceptions import NotResolved
from ..forms.public import RatingForm, ReplyForm
from ..forms.requests import RequestForm
from ..models import Rating, Request, RequestType
from ..progress import is_with_customer, steps_of
from ..questions import questions_of
from ..service_hours import first_answer_due, moment_words
from .public.answering import from_address, photos_of, with_photo_names
from .public.base import FormFiles, files_of

PAGE = 30
RELATIONS = ("status", "request_type", "team", "assignee", "contact", "brand")


class RequestList(StaffView):
    """What the reader asked for, open ones first."""

    permission = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        is_open = Case(
            When(status__category__in=UNRESOLVED, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        rows = Request.objects.visible_to(self.actor).annotate(is_open=is_open)
        rows = rows.select_related("status", "request_type", "team").order_by("-is_open", "-last_message_at", "-pk")
        page = Paginator(rows, PAGE).get_page(row_id(request.GET.get("page", "")) or 1)
        return render(request, "tickets/requests/list.html", {"page": page})


class RequestChoose(StaffView):
    """What colleagues may ask for."""

    permission = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        types = RequestType.objects.offered_to(Audience.EMPLOYEES).select_related("team")
        return render(request, "tickets/requests/choose.html", {"types": list(types)})


class RequestCreate(StaffView):
    """The form of one type, with its own questions; POST makes the request and leads to its page."""

    permission = ""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        chosen = self.chosen()
        answers, locked = from_address(questions_of(chosen), request.GET)
        subject = {"subject": request.GET["subject"][:200]} if "subject" in request.GET else {}
        return self.show(self.form(chosen, initial={**subject, **answers}, locked=locked), new_token(), FormFiles())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        chosen, form_key = self.chosen(), known_key(request.POST.get("form_key", ""))
        questions = questions_of(chosen)
        files, self.photos = files_of(request, form_key), photos_of(request, form_key, questions)
        data = with_photo_names(request.POST, self.photos)
        if "remove" in request.POST:
            initial = {name: values if len(values) > 1 else values[0] for name, values in data.lists() if values}
            return self.show(self.form(chosen, initial=initial), form_key, files)
        form = self.form(chosen, data)
        for problem in files.problems:
            form.add_error("attachments", problem)
        for name, sent in self.photos.items():
            for problem in sent.problems:
                form.add_error(PREFIX + name, problem)
        if form.is_valid():
            try:
                return self.answer(form, form_key, files)
            except Conflict:
                form.add_error(None, _("You have already sent this form. To send it again, open it anew."))
            except Invalid as error:
                form.take_errors(error)
        return self.show(form, form_key, files, status=422)

    def answer(self, form: RequestForm, form_key: str, files: FormFiles) -> HttpResponse:
        """Makes the request. Raises `Invalid` or `Conflict`."""
        photos = [token for sent in self.photos.values() for token in sent.tokens]
        ticket = actions.submit_request(
            actor=self.actor, request_type=form.request_type, subject=form.cleaned_data["subject"],
            description=form.cleaned_data["description"], form_key=form_key,
            uploads=list(dict.fromkeys([*files.tokens, *photos])), answers=form.answers,
        )  # fmt: skip
        text = _("%(team)s has your request: %(number)s.")
        messages.success(self.request, text % {"team": ticket.team, "number": ticket.label})
        return redirect("requests:request_detail", number=ticket.number)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.photos: dict[str, FormFiles] = {}

    def chosen(self) -> RequestType:
        """The type of the address. Raises `NotFound` for one that colleagues are not offered."""
        rows = RequestType.objects.offered_to(Audience.EMPLOYEES).select_related("team")
        found = rows.filter(key=self.kwargs["key"]).first()
        if found is None:
            raise NotFound
        return found

    def form(self, chosen: RequestType, data: Any = None, **kwargs: Any) -> RequestForm:
        return RequestForm(data, request_type=chosen, questions=questions_of(chosen), auto_id="id_%s", **kwargs)

    def show(self, form: RequestForm, form_key: str, files: FormFiles, *, status: int = 200) -> HttpResponse:
        due = first_answer_due(form.request_type)
        context = {
            "form": form, "form_key": form_key, "files": files.uploads, "chosen": form.request_type,
            "photos": {name: sent.uploads for name, sent in self.photos.items()},
            "expected": moment_words(due) if due else "",
            "upload_max_bytes": settings.UPLOAD_MAX_BYTES, "upload_max_files": MAX_FILES,
        }  # fmt: skip
        return render(self.request, "tickets/requests/form.html", context, status=status)


class RequestPage(RecordView):
    """A page or verb of one of the reader's own requests, who acts as the person that asked."""

    permission = ""
    model = Request
    lookup = "number"
    relations = RELATIONS

    def asker(self, ticket: Request) -> Actor:
        """The reader as the one who asked."""
        return Actor.contact(ticket.contact_id, ticket.contact.name)

    def back(self, ticket: Request) -> HttpResponse:
        return redirect("requests:request_detail", number=ticket.number)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.back(self.record())

    def show(
        self,
        ticket: Request,
        form: ReplyForm | None = None,
        form_key: str = "",
        files: FormFiles | None = None,
        *,
        rating_form: RatingForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The request with what was said, and the answer box as it was left."""
        rating = Rating.objects.filter(ticket=ticket, cycle=ticket.cycle).first()
        given = {"score": rating.score, "comment": rating.comment} if rating else {}
        is_expected = ticket.first_response_at is None and ticket.answer_expected_at is not None
        context = {
            "ticket": ticket, "lines": conversation_for_customer(ticket, proved=True), "steps": steps_of(ticket),
            "is_solved": ticket.status.category not in UNRESOLVED, "is_yours": is_with_customer(ticket),
            "expected": moment_words(ticket.answer_expected_at) if is_expected else "", "rating": rating,
            "rating_form": rating_form or RatingForm(initial=given),
            "can_rate": rating is not None and ticket.resolved_at is not None,
            "form": form or ReplyForm(), "form_key": form_key or new_token(), "files": files.uploads if files else [],
            "upload_max_bytes": settings.UPLOAD_MAX_BYTES, "upload_max_files": MAX_FILES,
        }  # fmt: skip
        return render(self.request, "tickets/requests/detail.html", context, status=status)


class RequestDetail(RequestPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.record())


class RequestReply(RequestPage):
    """The asker's further words; on an error the page comes back with text and files in it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        form_key = known_key(request.POST.get("form_key", ""))
        files = files_of(request, form_key)
        if "remove" in request.POST:
            return self.show(ticket, ReplyForm(initial=request.POST.dict()), form_key, files)
        form = ReplyForm(request.POST)
        for problem in files.problems:
            form.add_error("attachments", problem)
        if form.is_valid():
            try:
                actions.customer_reply(
                    actor=self.asker(ticket), ticket=ticket, body=form.cleaned_data["body"], form_key=form_key,
                    uploads=files.tokens,
                )  # fmt: skip
                return self.back(ticket)
            except Conflict:
                form.add_error(None, _("This was already sent with other words. To add these too, send them again."))
                return self.show(ticket, form, new_token(), status=409)
            except Invalid as error:
                form.add_error("body" if "body" in error.fields else "attachments", str(error))
        return self.show(ticket, form, form_key, files, status=422)


class RequestSolved(RequestPage):
    """The asker says that it is solved; then they may rate it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        actions.solve_by_customer(actor=self.asker(ticket), ticket=ticket)
        return redirect(f"{reverse('requests:request_detail', args=[ticket.number])}#rating")


class RequestRate(RequestPage):
    """One to five stars and some words."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        rating = Rating.objects.filter(ticket=ticket, cycle=ticket.cycle).first()
        form = RatingForm(request.POST)
        if rating is None:
            raise NotResolved
        if not form.is_valid():
            return self.show(ticket, rating_form=form, status=422)
        actions.rate_ticket(actor=self.asker(ticket), rating=rating, **form.cleaned_data)
        messages.success(request, _("Thank you, your rating is stored."))
        return self.back(ticket)
