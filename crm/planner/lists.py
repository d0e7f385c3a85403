"""The task list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.ui.generic import cells as ready
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, lists

from . import cells
from .filters import TaskFilters
from .models import Task


def prepare(rows: Any, actor: Actor) -> Any:
    """Everything a row shows: people, teams, and the record of each task."""
    return rows.select_related("assignee", "team", "done_by").with_subjects(actor)


def row_class(task: Task) -> str:
    """Finished rows step back."""
    return "is-muted" if task.is_done else ""


lists.register(
    ListPage(
        key="task",
        model=Task,
        label=_("Tasks"),
        permission="planner.view",
        url_name="planner:task_list",
        columns=[
            Column("title", _("Title"), cell=ready.link("title"), css="subj cut", locked=True, on_card=True),
            Column("due", _("Due"), cell=cells.in_list(cells.due), sort="due_at", width="cw-160", on_card=True,
                   export=lambda row, viewer: row.due_on or row.due_at),
            Column("what", _("Kind"), cell=cells.in_list(cells.kind), width="cw-128",
                   export=lambda row, viewer: row.get_what_display()),
            Column("about", _("About"), cell=cells.subject, css="cut", on_card=True,
                   export=lambda row, viewer: str(row.subject or "")),
            Column("holder", _("Assignee"), cell=cells.in_list(cells.holder), width="cw-160",
                   export=lambda row, viewer: row.assignee.name if row.assignee else ""),
            Column("team", _("Team"), cell="team", width="cw-128", default=False),
            Column("done", pgettext_lazy("moment", "Done"), cell=ready.moment("done_at"), sort="done_at", align="num",
                   width="cw-96", default=False, export=lambda row, viewer: row.done_at),
            Column("result", _("Result"), css="cut", default=False),
            Column("created", _("Created"), cell=ready.moment("created_at"), sort="created_at", align="num",
                   default=False, export=lambda row, viewer: row.created_at),
        ],
        filterset=TaskFilters,
        quick_filters=("state", "due", "assignee"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Search in titles"),
        default_sort="due",
        prepare=prepare,
        row_class=row_class,
        date_jump="due",
        views=[
            BuiltinView("mine", _("My tasks"), {"state": "open", "assignee": "me"}),
            BuiltinView("teams", _("My teams"), {"state": "open", "team": "mine"}),
            BuiltinView("overdue", _("Overdue"), {"due": "overdue"}),
            BuiltinView("done", _("Done"), {"state": "done"}, sort="-done"),
            BuiltinView("all", _("All tasks")),
        ],
        empty=Empty(_("No tasks yet"), _("Add one here, or on the page of the ticket or customer it is about.")),
        create_url_name="planner:task_create",
        create_permission="planner.work",
        create_label=_("New task"),
    )
)  # fmt: skip
