"""Pages of tasks, and the verbs of the block on a record's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.core.errors import Invalid, NotFound
from crm.core.text import row_id
from crm.ui.generic.cells import url_of
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions, cells, panels
from ..forms.tasks import QuickTaskForm, ResultForm, TaskForm, deadline_of, typed_deadline
from ..models import Task
from ..subjects import by_code, subjects

RELATIONS = ("assignee", "team", "done_by", "created_by")


class TaskList(ListView):
    permission = "planner.view"
    page = "task"


class TaskPage(RecordView):
    """The task of the address, with its record."""

    model = Task
    relations = RELATIONS

    def rows(self) -> Any:
        return super().rows().with_subjects(self.actor)


class TaskDetail(TaskPage, DetailView):
    permission = "planner.view"
    headline = (
        Field("due", gettext_lazy("Due"), lambda task, viewer: cells.due(task)),
        Field("holder", gettext_lazy("Assignee"), lambda task, viewer: cells.holder(task)),
        Field("about", gettext_lazy("About"), cells.subject),
    )
    fields = (
        Field("what", gettext_lazy("Kind"), lambda task, viewer: cells.kind(task)),
        Field("team", gettext_lazy("Team")),
        Field("notes", gettext_lazy("Notes")),
        Field("created_by", gettext_lazy("Added by"), "created_by.name"),
        Field("done_by", gettext_lazy("Done by"), "done_by.name"),
        Field("result", gettext_lazy("Result")),
    )
    verbs = (
        Verb(pgettext_lazy("verb", "Done"), "planner:task_finish", "done", "planner.work", primary=True,
             when=lambda task: not task.is_done),
        Verb(gettext_lazy("Edit"), "planner:task_update", "edit", "planner.work", when=lambda task: not task.is_done),
        Verb(gettext_lazy("Reopen"), "planner:task_reopen", "undo", "planner.work", post=True,
             when=lambda task: task.is_done),
        Verb(gettext_lazy("Delete"), "planner:task_delete", "delete", "planner.work", danger=True),
    )  # fmt: skip


class TaskCreate(CreateView):
    """A task; `?about=ticket:12` says which record it is about."""

    permission = "planner.work"
    model = Task
    form_class = TaskForm
    action = actions.add_task
    title = gettext_lazy("New task")
    button = gettext_lazy("Add task")

    def initial(self) -> dict[str, Any]:
        return {"assignee": self.request.user.pk}

    def perform(self, values: dict[str, Any]) -> Any:
        values = {**values, **deadline_of(values)}
        return actions.add_task(
            actor=self.actor,
            subject=record_named(self.actor, values.pop("about", "")),
            kind=values.pop("what"),
            **{name: value for name, value in values.items() if name not in {"due_day", "due_time"}},
        )

    def answer(self, record: Any) -> HttpResponse:
        messages.success(self.request, _("The task “%(title)s” is added.") % {"title": record.title})
        about = record_of(self.actor, record)
        return redirect(url_of(about) if about is not None else reverse("planner:task_list"))


class TaskUpdate(TaskPage, UpdateView):
    permission = "planner.work"
    form_class = TaskForm
    action = actions.change_task

    def initial(self) -> dict[str, Any]:
        names = ("title", "what", "notes", "assignee", "team", "remind_minutes")
        return {**{name: getattr(self.object, name) for name in names}, **typed_deadline(self.object)}

    def perform(self, values: dict[str, Any]) -> Any:
        values.pop("about", None)
        if {"due_day", "due_time"} & set(values):
            values |= deadline_of({**typed_deadline(self.object), **values})
        changed = {name: value for name, value in values.items() if name not in {"due_day", "due_time"}}
        return actions.change_task(actor=self.actor, task=self.object, values=changed)

    def answer(self, record: Any) -> HttpResponse:
        messages.success(self.request, self.done_text(record))
        still = Task.objects.visible_to(self.actor).filter(pk=record.pk).exists()
        return redirect(url_of(record) if still else reverse("planner:task_list"))


class TaskVerb(TaskPage, ActionView):
    record_as = "task"


class TaskFinish(TaskVerb):
    permission = "planner.work"
    action = actions.finish_task
    form_class = ResultForm
    title = gettext_lazy("%(name)s: done")
    button = pgettext_lazy("verb", "Done")
    done = gettext_lazy("“%(name)s” is done.")


class TaskReopen(TaskVerb):
    permission = "planner.work"
    action = actions.reopen_task
    title = gettext_lazy("Reopen “%(name)s”?")
    button = gettext_lazy("Reopen")
    done = gettext_lazy("“%(name)s” is open again.")


class TaskDelete(TaskPage, DeleteView):
    permission = "planner.work"
    action = actions.delete_task
    record_as = "task"


class BlockVerb(StaffView):
    """A verb of the block on a record's page: answers with the block anew, or leads back where no script runs."""

    permission = "planner.work"
    http_method_names = ("post",)

    def block(self, about: Any, status: int = 200, **typed: Any) -> HttpResponse:
        """The block of the record, with what came back with an error."""
        if not self.is_fragment and not typed:
            return redirect(url_of(about))
        context = {**panels.context(self.actor, about), "record": about, **typed}
        if self.is_fragment:
            return render(self.request, panels.TEMPLATE, context, status=status)
        return render(self.request, "planner/block.html", context, status=status)


class TaskAdd(BlockVerb):
    """The quick line: a title, when, and it is the writer's own."""

    def post(self, request: HttpRequest) -> HttpResponse:
        about = record_named(self.actor, request.POST.get("about", ""))
        if about is None:
            raise NotFound
        form = QuickTaskForm(request.POST)
        if not form.is_valid():
            return self.block(about, 422, problem=_("Say what has to be done"))
        values = form.cleaned_data
        try:
            actions.add_task(
                actor=self.actor, subject=about, title=values["title"], kind=values["what"] or "todo",
                due_on=form.deadline(), assignee=request.user,
            )  # fmt: skip
        except Invalid as error:
            return self.block(about, 422, problem=" ".join(map(str, error.fields.values())), typed=values["title"])
        return self.block(about)


class TaskTick(BlockVerb):
    """Ticks a task off, or makes it open again (`undo=1`), and shows its block anew."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = Task.objects.visible_to(self.actor).filter(pk=pk).first()
        if task is None:
            raise NotFound
        verb = actions.reopen_task if request.POST.get("undo") else actions.finish_task
        task = verb(actor=self.actor, task=task)
        about = record_of(self.actor, task)
        if about is None or request.POST.get("from") == "home":
            return redirect("/" if request.POST.get("from") == "home" else url_of(task))
        return self.block(about)


def record_named(actor: Any, about: str) -> Any:
    """The record that "kind:id" names, None for "". Raises `NotFound` for one the actor may not see."""
    if not about:
        return None
    kind, _colon, number = about.partition(":")
    declared, pk = subjects.get(kind), row_id(number)
    found = declared.rows(actor).filter(pk=pk).first() if declared is not None and pk is not None else None
    if found is None:
        raise NotFound
    return found


def record_of(actor: Any, task: Task) -> Any:
    """The record a task is about, None without one or where the actor may not see it."""
    declared = by_code(task.kind)
    return declared.rows(actor).filter(pk=task.object_id).first() if declared is not None else None
