"""Bulk actions: the confirmation with count and first names, then the job."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core.errors import Invalid, NotFound

from ...generic import bulk
from ...lists import bulk_actions
from .lists import ListPartView

#: What the confirmation itself carries; everything else that was sent belongs to the action's form.
OWN_FIELDS = ("csrfmiddlewaretoken", "ids", "all", "query", "confirmed", "typed", "back")


class BulkView(ListPartView):
    """POST /lists/<key>/bulk/<action>/?<state> with `ids` or `all=1`: asks; with `confirmed=1`: starts the job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, action: str) -> HttpResponse:
        declared = bulk_actions.offered((self.page.key, action))
        if declared is None:
            raise NotFound
        if declared.permission:
            self.actor.require(declared.permission)
        data = request.POST.copy()
        data.setdefault("query", self.rows().state.as_query().urlencode())
        selection = bulk.selection_of(self.page, data)
        count = selection.count(self.actor)
        confirmed = data.get("confirmed") == "1"
        form = bulk.form_of(declared, self.actor, data if confirmed else None)
        problem = _problem(count, data) if confirmed else ""
        if not confirmed or problem or (form is not None and not form.is_valid()):
            return self._ask(declared, selection, data, form, count, problem)
        kept = data.copy()
        for name in OWN_FIELDS:
            kept.pop(name, None)
        job = bulk.start_bulk(actor=self.actor, selection=selection, bulk=declared, form_data=kept)
        return redirect("ui:job_detail", pk=job.pk)

    def _ask(
        self, declared: Any, selection: bulk.Selection, data: Any, form: Any, count: int, problem: str
    ) -> HttpResponse:
        names = selection.names(self.actor)
        context = {
            "page": self.page,
            "bulk": declared,
            "form": form,
            "count": count,
            "names": names,
            "more": max(0, count - len(names)),
            "ids": selection.ids or (),
            "all": "1" if selection.ids is None else "",
            "query": selection.query,
            "type_count": count > bulk.TYPE_ABOVE,
            "problem": problem,
            "back": self.back_url(),
        }
        failed = problem or (form is not None and form.is_bound)
        return render(self.request, "ui/generic/bulk.html", context, status=422 if failed else 200)


def _problem(count: int, data: Any) -> str:
    """Above the limit the number of rows must be typed, separators allowed."""
    if count == 0:
        raise Invalid(_("Nothing matches any more. Go back and select again."))
    typed = "".join(char for char in data.get("typed", "") if char.isdigit())
    if count > bulk.TYPE_ABOVE and typed != str(count):
        return _("Type %(count)s to go on.") % {"count": count}
    return ""
