"""The verbs of lists: saved views, a person's own columns, and starting what runs as a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.accounts.choices import Density
from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound, NotReady
from crm.core.text import clean_line
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..lists import ListPage
from ..models import Audience, ListPreference, SavedView
from .state import OWN, PAGE_SIZES, filter_names

MAX_VIEWS = 100


@action()
def save_view(
    *,
    actor: Actor,
    page: ListPage,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    audience: str = Audience.PERSONAL,
    team_id: int | None = None,
    pinned: bool = True,
    position: int = 50,
) -> SavedView:
    """Keeps the state of a list under a name. query: filters, search and sort as one query string.

    Raises `NotAllowed` for a shared view without `ui.share_views`, `Invalid` for a name or team that does not do.
    """
    actor.require(page.permission)
    if SavedView.objects.filter(owner_id=actor.user_id, list_key=page.key).count() >= MAX_VIEWS:
        raise Invalid(_("You have %(count)s views of this list. Delete one first.") % {"count": MAX_VIEWS})
    view = SavedView(list_key=page.key, owner_id=_staff_id(actor))
    _set_state(view, page, query, columns)
    _set_about(view, actor, name=name, audience=audience, team_id=team_id, pinned=pinned, position=position)
    view.save()
    _tell_shared(actor, view, page)
    return view


@action()
def update_view_state(
    *, actor: Actor, view: SavedView, page: ListPage, query: str, columns: Sequence[str] = ()
) -> SavedView:
    """Puts the present filters, search, sort and columns into the view. Raises `NotFound`."""
    view = _lock(actor, view.pk)
    _set_state(view, page, query, columns or view.columns)
    view.save()
    return view


@action()
def edit_view(*, actor: Actor, view: SavedView, page: ListPage, values: dict[str, Any]) -> SavedView:
    """Changes name, audience, team, pinned, position. Raises as `save_view`."""
    view = _lock(actor, view.pk)
    was_shared = view.audience != Audience.PERSONAL
    _set_about(view, actor, **values)
    view.save()
    if not was_shared:
        _tell_shared(actor, view, page)
    return view


@action()
def delete_view(*, actor: Actor, view: SavedView, page: ListPage) -> None:
    """Removes the view for everybody who saw it. Raises `NotFound`."""
    view = _lock(actor, view.pk)
    if view.audience != Audience.PERSONAL:
        record(
            actor=actor,
            type="ui.view_deleted",
            subject=view,
            data={"view": view.name, "list": str(page.label)},
        )
    view.delete()


@action(permission="ui.share_views")
def give_view(*, actor: Actor, view: SavedView, to: User) -> SavedView:
    """Makes somebody else the owner of a shared view, as when its owner leaves. Raises `Invalid`, `NotFound`."""
    if not to.is_active:
        raise Invalid(_("Choose somebody who can sign in."))
    row: SavedView | None = SavedView.objects.lock().filter(pk=view.pk).exclude(audience=Audience.PERSONAL).first()
    if row is None:
        raise NotFound
    row.owner = to
    row.save(update_fields=["owner"])
    record(actor=actor, type="ui.view_given", subject=row, data={"view": row.name, "to": to.name})
    return row


@action()
def save_list_preference(
    *, actor: Actor, page: ListPage, columns: Sequence[str], density: str = "", page_size: int = 0
) -> ListPreference:
    """The actor's own columns (in order), density and page size of a list. No activity: it is no event.

    Empty columns, density and size mean the default. Raises `Invalid` for unknown ones.
    """
    known = {column.key for column in page.columns_for(actor)}
    wrong_size = page_size and page_size not in PAGE_SIZES
    if set(columns) - known or (density and density not in Density.values) or wrong_size:
        raise Invalid()
    preference, _created = ListPreference.objects.update_or_create(
        user_id=_staff_id(actor),
        list_key=page.key,
        defaults={"columns": list(dict.fromkeys(columns)), "density": density, "page_size": page_size},
    )
    return preference


@action()
def record_export(*, actor: Actor, page: ListPage, rows: int, format: str) -> None:
    """Writes down that data left the product. Subject is the person who took it."""
    user = User.objects.get(pk=_staff_id(actor))
    data = {"rows": rows, "list": str(page.label), "list_key": page.key, "format": format.upper()}
    record(actor=actor, type="ui.exported", subject=user, data=data)


@action()
def cancel_job(*, actor: Actor, job: Job) -> Job:
    """Stops a job before its next batch; what is done stays done. Raises `NotFound`, `NotReady`."""
    job = Job.objects.visible_to(actor).lock().filter(pk=job.pk).first()  # type: ignore[assignment]
    if job is None:
        raise NotFound
    if job.state not in {JobState.WAITING, JobState.RUNNING}:
        raise NotReady(_("This job has already ended."))
    job.state = JobState.CANCELLED
    job.save(update_fields=["state"])
    return job


def _staff_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id


def _lock(actor: Actor, pk: int) -> SavedView:
    view = SavedView.objects.editable_by(actor).lock().filter(pk=pk).first()
    if view is None:
        raise NotFound
    return view  # type: ignore[no-any-return]


def _set_state(view: SavedView, page: ListPage, query: str, columns: Sequence[str]) -> None:
    given, kept = QueryDict(query), QueryDict(mutable=True)
    names = filter_names(page) | {"q"}
    for name, values in given.lists():
        if name in names and name not in OWN - {"q"}:
            kept.setlist(name, values)
    view.params = kept.urlencode()
    if len(view.params) > 2000:
        raise Invalid(_("These filters are too long to be kept. Choose fewer values."))
    view.sort = given.get("sort", "")[:41]
    view.columns = [key for key in columns if page.column(key)]


def _set_about(
    view: SavedView,
    actor: Actor,
    *,
    name: str,
    audience: str,
    team_id: int | None = None,
    pinned: bool = True,
    position: int = 50,
) -> None:
    view.name = clean_line(name, 60)
    if not view.name:
        raise Invalid(fields={"name": _("Enter a name")})
    if audience != Audience.PERSONAL:
        actor.require("ui.share_views")
    if audience == Audience.TEAM and team_id not in actor.grants.team_ids:
        raise Invalid(fields={"team": _("Choose one of your teams")})
    view.audience, view.team_id = Audience(audience), team_id if audience == Audience.TEAM else None
    view.pinned, view.position = pinned, position


def _tell_shared(actor: Actor, view: SavedView, page: ListPage) -> None:
    if view.audience != Audience.PERSONAL:
        record(
            actor=actor,
            type="ui.view_shared",
            subject=view,
            data={"view": view.name, "list": str(page.label)},
        )
