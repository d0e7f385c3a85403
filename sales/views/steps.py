"""The next step of a deal, finished or planned where its list stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.text import row_id
from crm.planner.actions import add_task, finish_task
from crm.planner.forms.tasks import QuickTaskForm
from crm.ui.redirects import own_address
from crm.ui.views.generic.base import RecordView

from ..models import Opportunity
from ..selectors.opportunities import next_tasks


class OpportunityStep(RecordView):
    """POST /sales/opportunities/<number>/step/ by a button of the list.

    done=<id>: that task, if it is still the next one. title-<number> and soon-<number>: a new one, for oneself; every
    row has its own names, because all rows share the page's one form.
    """

    permission = "planner.work"
    model = Opportunity
    lookup = "number"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        deal = self.record()
        done = row_id(request.GET.get("done", ""))
        try:
            if done is not None:
                self._finish(deal, done)
            else:
                self._plan(deal)
        except Invalid as error:
            messages.error(request, " ".join(map(str, error.fields.values())) or str(error))
        seen = request.headers.get("Referer", "")
        return redirect(own_address(request, seen) if seen else reverse("sales:opportunity_list"))

    def _finish(self, deal: Opportunity, pk: int) -> None:
        task = next_tasks(self.actor, [deal.pk]).get(deal.pk)
        if task is None or task.pk != pk:
            messages.info(self.request, _("This step was finished already."))
            return
        finish_task(actor=self.actor, task=task)
        undo = reverse("planner:task_reopen", args=[pk])
        messages.success(self.request, _("“%(name)s” is done.") % {"name": task.title}, extra_tags=undo)

    def _plan(self, deal: Opportunity) -> None:
        typed = {name: self.request.POST.get(f"{name}-{deal.number}", "") for name in ("title", "soon")}
        form = QuickTaskForm(typed)
        if not form.is_valid():
            raise Invalid(_("Say what has to be done"))
        title = form.cleaned_data["title"]
        add_task(
            actor=self.actor, subject=deal, title=title, due_on=form.deadline(), assignee=self.request.user,
        )  # fmt: skip
        messages.success(self.request, _("The task “%(title)s” is added.") % {"title": title})
