"""One verb on one record: POST does it; GET shows its small form, or a confirmation where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core.errors import DomainError

from ...generic.form_errors import show_error
from .base import RecordView


class ActionView(RecordView):
    """`action(actor=…, record=…, **cleaned)` takes the form's values; `record_as`: another word for `record`.

    title, text and button: sentences of the confirmation. done: what is said afterwards, with %(name)s.
    """

    action: ClassVar[Callable[..., Any]]
    form_class: ClassVar[Any] = None
    title: ClassVar[Any] = ""
    text: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    done: ClassVar[Any] = ""
    danger: ClassVar[bool] = False
    template_name: ClassVar[str] = "ui/generic/verb.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        form = self.make_form()
        if form is not None and not form.is_valid():
            return self.page(form, status=422)
        try:
            self.perform(form.cleaned_data if form is not None else {})
        except DomainError as error:
            if form is None:
                raise
            show_error(form, error)
            return self.page(form, status=error.status)
        if self.done:
            messages.success(request, str(self.done) % {"name": self.object})
        return self.answer()

    def make_form(self) -> Any:
        """The form, or None for a verb that asks nothing."""
        if self.form_class is None:
            return None
        data = (self.request.POST, self.request.FILES) if self.request.method == "POST" else (None, None)
        return self.form_class(*data, **self.form_kwargs())

    def form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form."""
        return {}

    def perform(self, values: dict[str, Any]) -> Any:
        """Calls the action."""
        return self.verb()(actor=self.actor, **{self.record_as: self.object}, **values)

    def answer(self) -> HttpResponse:
        """Where to go next: the record, or the list when the actor no longer sees it."""
        still_there = self.rows().filter(pk=self.object.pk).exists()
        return redirect((self.url_of(self.object) if still_there else "") or self.list_url or "/")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "record": self.object,
            "title": str(self.title or _("Are you sure?")) % {"name": self.object},
            "text": str(self.text) % {"name": self.object} if self.text else "",
            "button": self.button or _("Continue"),
            "danger": self.danger,
            "back": self.url_of(self.object),
            "view": self,
        }
        return render(self.request, self.template_name, context, status=status)
