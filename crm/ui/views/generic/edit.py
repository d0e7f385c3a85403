"""Create and edit: the form asks, the action writes, and a row that left the actor's set is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, Invalid

from ...generic import conflicts
from ...generic.form_errors import show_error
from .base import RecordView


class CreateView(RecordView):
    """A form that makes a record.

    action: called as `action(actor=…, values=cleaned)` and returns the record; override `perform` for another shape.
    title: of the page and the button. leaves_scope on the action allows a record that its author will not see.
    """

    form_class: ClassVar[type[forms.BaseForm]]
    action: ClassVar[Callable[..., Any]]
    title: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    template_name: ClassVar[str] = "ui/generic/form.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form()
        if form.is_valid():
            try:
                return self.answer(self.write(form))
            except DomainError as error:
                show_error(form, error)
        return self.page(form, status=422)

    def make_form(self, **kwargs: Any) -> Any:
        """The form; `self.form_kwargs()` may narrow choices to what the actor sees."""
        data = (self.request.POST, self.request.FILES) if self.request.method == "POST" else (None, None)
        initial = {name: self.request.GET[name] for name in self.form_class.base_fields if name in self.request.GET}  # type: ignore[attr-defined]
        return self.form_class(*data, initial={**initial, **self.initial()}, **self.form_kwargs(), **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form, such as the actor."""
        return {}

    def initial(self) -> dict[str, Any]:
        """First values; those of the address come on top of nothing else."""
        return {}

    def write(self, form: Any) -> Any:
        """Runs the action and checks that its author still sees the result. Raises `DomainError`."""
        with transaction.atomic():
            record = self.perform(form.cleaned_data)
            self.must_see(record)
        return record

    def perform(self, values: dict[str, Any]) -> Any:
        """Calls the action."""
        return self.verb()(actor=self.actor, values=values)

    def must_see(self, record: Any) -> None:
        """Raises `Invalid` when the record lies outside the actor's set and the action does not say that it may."""
        if record is None or getattr(self.verb(), "leaves_scope", False):
            return
        if not type(record)._default_manager.all().visible_to(self.actor).filter(pk=record.pk).exists():
            raise Invalid(
                _("With these values you would no longer see this record. Choose values within your data scope.")
            )

    def answer(self, record: Any) -> HttpResponse:
        messages.success(self.request, self.done_text(record))
        return redirect(self.url_of(record))

    def done_text(self, record: Any) -> str:
        return _("%(name)s is created.") % {"name": record}

    def page(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.heading(),
            "button": self.button_text(),
            "view": self,
            **context,
        }
        return render(self.request, self.template_name, {**context, **self.extra()}, status=status)

    def heading(self) -> Any:
        name = self.model._meta.verbose_name
        return self.title or _("New %(name)s") % {"name": name}

    def button_text(self) -> Any:
        return self.button or _("Create")

    def extra(self) -> dict[str, Any]:
        """Further values for the template."""
        return {}


class UpdateView(CreateView):
    """A form that changes a record, with conflict detection.

    The form carries the values it showed. Only what the person changed reaches the action, as
    `action(actor=…, record=…, values=changed)`; a field that somebody else changed meanwhile too is shown
    with the other person's value and both choices.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        form = self.make_form(**self.instance_kwargs())
        return self.page(form, shown=conflicts.sign(conflicts.values_shown(form)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        try:
            with transaction.atomic():
                type(self.object)._default_manager.all().lock().get(pk=self.object.pk)
                self.object = self.record()
                return self.save()
        except DomainError as error:
            form = self.make_form(**self.instance_kwargs())
            form.is_valid()
            show_error(form, error)
            return self.page(form, status=422, shown=request.POST.get(conflicts.SHOWN, ""))

    def save(self) -> HttpResponse:
        """Compares, then writes; runs under the record's lock."""
        stored = self.make_form(**self.instance_kwargs(), fresh=True)
        present = conflicts.values_shown(stored)
        form = self.make_form(**self.instance_kwargs())
        shown = conflicts.unsign(self.request.POST.get(conflicts.SHOWN, ""), present)
        if not form.is_valid():
            return self.page(form, status=422, shown=self.request.POST.get(conflicts.SHOWN, ""))
        outcome = conflicts.compare(form, shown=shown, present=present, post=self.request.POST)
        if outcome.conflicts:
            found = conflicts.explain(outcome.conflicts, form, stored, self.object, self.actor)
            return self.page(form, status=409, shown=conflicts.sign(outcome.shown_next), conflicts=found)
        values = {name: form.cleaned_data[name] for name in outcome.changed}
        if values:
            self.object = self.perform(values) or self.object
            self.must_see(self.object)
        return self.answer(self.object)

    def perform(self, values: dict[str, Any]) -> Any:
        return self.verb()(actor=self.actor, values=values, **{self.record_as: self.object})

    def make_form(self, *, fresh: bool = False, **kwargs: Any) -> Any:
        """`fresh` leaves out what was sent: the record as it is now."""
        if fresh or self.request.method != "POST":
            return self.form_class(initial=self.initial(), **self.form_kwargs(), **kwargs)
        return self.form_class(
            self.request.POST, self.request.FILES, initial=self.initial(), **self.form_kwargs(), **kwargs
        )

    def instance_kwargs(self) -> dict[str, Any]:
        """A copy of the record for a ModelForm, so that validation never touches `self.object`."""
        if not issubclass(self.form_class, forms.BaseModelForm):
            return {}
        return {"instance": type(self.object)._default_manager.get(pk=self.object.pk)}

    def done_text(self, record: Any) -> str:
        return _("%(name)s is saved.") % {"name": record}

    def heading(self) -> Any:
        return self.title or _("Edit %(name)s") % {"name": self.object}

    def button_text(self) -> Any:
        return self.button or _("Save")
