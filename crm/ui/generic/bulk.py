"""Bulk actions: what was selected, and the job that calls the verb for each row in its own transaction."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.jobs import runners
from crm.jobs.models import Job

from ..lists import BulkAction, ListPage, bulk_actions, lists
from .engine import PROBE, rows_of_query

BATCH = 25
#: Above this the count must be typed.
TYPE_ABOVE = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows chosen by id, or every row of a query. ids: None means the query."""

    page: ListPage
    ids: Sequence[int] | None
    query: str

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """The selected rows that the actor sees."""
        if self.ids is None:
            return rows_of_query(self.page, actor, self.query).queryset()
        return self.page.model._default_manager.filter(pk__in=self.ids).visible_to(actor)  # type: ignore[attr-defined,no-any-return]

    def count(self, actor: Actor) -> int:
        """How many rows the confirmation names: all that were ticked, or the exact size of the query."""
        return len(self.ids) if self.ids is not None else self.rows(actor).count()

    def names(self, actor: Actor, limit: int = 5) -> list[str]:
        return [self.page.row_label(row) for row in self.rows(actor).order_by("pk")[:limit]]


def selection_of(page: ListPage, data: QueryDict) -> Selection:
    """What a list's bulk bar sent: `ids` or `all=1`, and `query`. Raises `Invalid` when nothing is selected."""
    query = data.get("query", "")[:4000]
    if data.get("all") == "1":
        return Selection(page, None, query)
    ids = sorted(
        {int(text) for text in data.getlist("ids")[:PROBE] if text.isascii() and text.isdigit() and len(text) < 19}
    )
    if not ids:
        raise Invalid(_("Select at least one row."))
    return Selection(page, ids, query)


def form_of(bulk: BulkAction, actor: Actor, data: QueryDict | None) -> Any:
    """The action's form, or None; a form whose `__init__` takes `actor` gets it."""
    if bulk.form is None:
        return None
    wants_actor = "actor" in inspect.signature(bulk.form).parameters
    return bulk.form(data, **({"actor": actor} if wants_actor else {}))


@action()
def start_bulk(*, actor: Actor, selection: Selection, bulk: BulkAction, form_data: QueryDict) -> Job:
    """Stores the job. A small query is stored as its ids, so that what was confirmed is what is done."""
    if bulk.permission:
        actor.require(bulk.permission)
    params: dict[str, Any] = {
        "v": 1,
        "list": selection.page.key,
        "bulk": bulk.key,
        "form": form_data.urlencode(),
    }
    total, ids = selection.count(actor), selection.ids
    if ids is None and total <= PROBE:
        ids = sorted(selection.rows(actor).values_list("pk", flat=True)[: PROBE + 1])
    if ids is None:
        last = selection.rows(actor).order_by("-pk").values_list("pk", flat=True).first()
        params |= {"query": selection.query, "last": last or 0}
    else:
        params["ids"], total = list(ids), len(ids)
    label = _("%(action)s: %(list)s") % {"action": bulk.label, "list": selection.page.label}
    return runners.start(kind="ui.bulk", label=label, owner_id=actor.user_id, params=params, total=total)


def run_batch(job: Job) -> bool:
    """One step of the job: up to `BATCH` rows. Rights are read anew, so a role taken away stops the rest."""
    user = User.objects.get(pk=job.owner_id)
    with translation.override(user.language):
        actor, page = actor_for(user), lists[job.params["list"]]
        bulk = bulk_actions[(page.key, job.params["bulk"])]
        form = form_of(bulk, actor, QueryDict(job.params["form"]))
        batch = _next_rows(job, page, actor)
        values = form.cleaned_data if form is not None and form.is_valid() else {}
        reason = _refusal(bulk, actor, form)
        for pk, row in batch:
            _do_row(job, bulk, actor, pk, row, values, reason)
    return len(batch) < BATCH


def _refusal(bulk: BulkAction, actor: Actor, form: Any) -> str:
    if bulk.permission and not actor.can(bulk.permission):
        return _("You no longer have the permission for this.")
    if form is not None and not form.is_valid():
        return _("The chosen values are no longer valid.")
    return ""


def _next_rows(job: Job, page: ListPage, actor: Actor) -> list[tuple[int, Any]]:
    """The rows after the cursor, in id order; None where a ticked row is out of sight."""
    ids = job.params.get("ids")
    if ids is None:
        rows = rows_of_query(page, actor, job.params["query"]).queryset()
        rows = rows.filter(pk__gt=job.cursor, pk__lte=job.params["last"]).order_by("pk")[:BATCH]
        return [(row.pk, row) for row in rows]
    wanted = [pk for pk in ids if pk > job.cursor][:BATCH]
    found = page.model._default_manager.filter(pk__in=wanted).visible_to(actor).in_bulk()  # type: ignore[attr-defined]
    return [(pk, found.get(pk)) for pk in wanted]


def _do_row(job: Job, bulk: BulkAction, actor: Actor, pk: int, row: Any, values: dict[str, Any], reason: str) -> None:
    """The verb and the cursor commit together: a worker that dies repeats no row."""
    if row is None:
        reason = _("It no longer exists, or it is not in your data scope.")
    if not reason:
        try:
            with transaction.atomic():
                bulk.run(actor, row, values)
                _advance(job, pk)
            return
        except DomainError as error:
            reason = str(error)
    runners.skip(job, pk, str(row) if row is not None else f"#{pk}", reason)
    _advance(job, pk)


def _advance(job: Job, pk: int) -> None:
    job.cursor, job.done = pk, job.done + 1
    job.save(update_fields=["cursor", "done", "skipped", "skipped_count"])
