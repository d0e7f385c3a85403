"""Putting dashboards together and sharing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.recording import record as tell
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..choices import Audience, Size
from ..gallery.cards import card_of
from ..models import PERIODS, Dashboard, FirstDashboard, Tile

FIELDS = frozenset({"name", "audience", "team", "period"})
MAX_DASHBOARDS, MAX_TILES = 30, 20


@action(permission="reports.view")
def save_dashboard(*, actor: Actor, values: Mapping[str, Any], record: Dashboard | None = None) -> Dashboard:
    """Makes a dashboard, or changes its name, period and audience.

    Raises `NotAllowed` for a shared one without `reports.share`; `Invalid`; `NotFound` for one of somebody else.
    """
    if set(values) - FIELDS:
        raise Invalid
    if record is None:
        row = Dashboard(owner_id=_staff_id(actor))
        if Dashboard.objects.filter(owner_id=row.owner_id).count() >= MAX_DASHBOARDS:
            raise Invalid(_("You have %(count)s dashboards. Delete one first.") % {"count": MAX_DASHBOARDS})
    else:
        row = _lock(actor, record)
    was_shared = row.pk is not None and row.audience != Audience.PERSONAL
    for name, value in values.items():
        setattr(row, name, value)
    row.name = clean_line(row.name, 80)
    if not row.name:
        raise Invalid(fields={"name": _("Enter a name")})
    if row.audience != Audience.PERSONAL:
        actor.require("reports.share")
    if row.audience != Audience.TEAM:
        row.team = None
    elif row.team_id not in actor.grants.team_ids:
        raise Invalid(fields={"team": _("Choose one of your teams")})
    row.save()
    if row.audience != Audience.PERSONAL and not was_shared:
        tell(actor=actor, type="reports.dashboard_shared", subject=row, data={"dashboard": row.name})
    return row


@action(permission="reports.view")
def delete_dashboard(*, actor: Actor, record: Dashboard) -> None:
    """Removes a dashboard for everybody who saw it. Raises `NotFound`."""
    row = _lock(actor, record)
    if row.audience != Audience.PERSONAL:
        tell(actor=actor, type="reports.dashboard_deleted", subject=row, data={"dashboard": row.name})
    row.delete()


@action(permission="reports.view")
def add_tile(*, actor: Actor, dashboard: Dashboard, report: str) -> Dashboard:
    """Puts a report at the end of a dashboard. Raises `NoSuchReport`, `Invalid` above the most tiles, `NotFound`."""
    card_of(actor, report)
    row = _lock(actor, dashboard)
    if report in {tile.report for tile in row.all_tiles}:
        raise Invalid(_("This report is on the dashboard already."))
    if len(row.all_tiles) >= MAX_TILES:
        raise Invalid(_("A dashboard holds up to %(count)s reports. Take one off first.") % {"count": MAX_TILES})
    return _put(row, [*row.all_tiles, Tile(report)])


@action(permission="reports.view")
def remove_tile(*, actor: Actor, dashboard: Dashboard, place: int) -> Dashboard:
    """Takes the report at that place off a dashboard. Raises `Invalid` for a place without one, `NotFound`."""
    row = _lock(actor, dashboard)
    tiles = row.all_tiles
    _check(tiles, place)
    return _put(row, tiles[:place] + tiles[place + 1 :])


@action(permission="reports.view")
def move_tile(*, actor: Actor, dashboard: Dashboard, place: int, by: int) -> Dashboard:
    """Moves a report so many places down, or up below zero; it stops at the ends. Raises `Invalid`, `NotFound`."""
    row = _lock(actor, dashboard)
    tiles = row.all_tiles
    _check(tiles, place)
    tile = tiles.pop(place)
    tiles.insert(max(0, min(len(tiles), place + by)), tile)
    return _put(row, tiles)


@action(permission="reports.view")
def order_tiles(*, actor: Actor, dashboard: Dashboard, places: Sequence[int]) -> Dashboard:
    """Puts the reports into another order, each named by its present place once. Raises `Invalid`, `NotFound`."""
    row = _lock(actor, dashboard)
    tiles = row.all_tiles
    if sorted(places) != list(range(len(tiles))):
        raise Invalid(_("The dashboard was changed meanwhile. Load it again."))
    return _put(row, [tiles[place] for place in places])


@action(permission="reports.view")
def shape_tile(*, actor: Actor, dashboard: Dashboard, place: int, size: str, period: str) -> Dashboard:
    """Sets how wide a report is, and which days it is about: "" for those of the dashboard. Raises as `move_tile`."""
    row = _lock(actor, dashboard)
    tiles = row.all_tiles
    _check(tiles, place)
    if size not in Size.values or period not in {"", *(key for key, _label in PERIODS)}:
        raise Invalid
    tiles[place] = Tile(tiles[place].report, size, period)
    return _put(row, tiles)


@action(permission="reports.view")
def set_first_dashboard(*, actor: Actor, dashboard: Dashboard | None) -> None:
    """Chooses which dashboard opens first, None for the list. No activity: it is no event. Raises `NotFound`."""
    user_id = _staff_id(actor)
    if dashboard is None:
        FirstDashboard.objects.filter(user_id=user_id).delete()
        return
    row = Dashboard.objects.fetch(actor, pk=dashboard.pk)
    FirstDashboard.objects.update_or_create(user_id=user_id, defaults={"dashboard": row})


def _put(row: Dashboard, tiles: Sequence[Tile]) -> Dashboard:
    row.put(tiles)
    row.save(update_fields=["tiles"])
    return row


def _check(tiles: Sequence[Tile], place: int) -> None:
    if not 0 <= place < len(tiles):
        raise Invalid(_("The dashboard was changed meanwhile. Load it again."))


def _lock(actor: Actor, dashboard: Dashboard) -> Dashboard:
    row: Dashboard | None = Dashboard.objects.editable_by(actor).lock().filter(pk=dashboard.pk).first()
    if row is None:
        raise NotFound
    return row


def _staff_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
