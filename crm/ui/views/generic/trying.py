"""Trying a condition before it is saved: a button of the form that evaluates what stands in it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from crm.conditions.language import parse
from crm.conditions.trial import DryRun, dry_run

#: The name of the button. What it posts is never saved.
TRY = "try"


class TriesCondition:
    """Put before `CreateView` or `UpdateView`; its template then includes ui/generic/partials/_trial.html.

    trial_on: the condition's kind of record; trial_field: its form field; trial_limit: how many records are asked.
    """

    trial_on: ClassVar[str]
    trial_field: ClassVar[str] = "condition"
    trial_limit: ClassVar[int] = 100

    request: HttpRequest
    actor: Any

    def trial_rows(self) -> QuerySet[Any]:
        """The records that the condition is tried on: those the actor may see."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if TRY not in request.POST:
            return super().post(request, **kwargs)  # type: ignore[misc,no-any-return]
        return self.tried()

    def tried(self) -> HttpResponse:
        """The form as it was sent, with what its condition finds; only mistakes in the condition are shown."""
        instance: dict[str, Any] = {}
        if hasattr(self, "instance_kwargs"):
            self.object = self.record()  # type: ignore[attr-defined]
            instance = self.instance_kwargs()
        form = self.make_form(**instance)  # type: ignore[attr-defined]
        form.is_valid()
        for name in [name for name in form.errors if name != self.trial_field]:
            del form.errors[name]
        trial = None if form.errors else self.trial(form.cleaned_data.get(self.trial_field) or {})
        shown = self.request.POST.get("_shown", "")
        return self.page(form, status=422 if form.errors else 200, shown=shown, trial=trial)  # type: ignore[attr-defined,no-any-return]

    def trial(self, tree: dict[str, Any]) -> DryRun:
        """What the condition holds for; one that asks nothing holds for everything."""
        rows = self.trial_rows().order_by("-pk")
        if not tree:
            found = list(rows[: self.trial_limit])
            return DryRun(len(found), found)
        return dry_run(parse(tree, on=self.trial_on, author=self.actor), rows, limit=self.trial_limit)
