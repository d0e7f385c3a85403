"""The query string of a list: the filters, the search and the sorts that the page of these records has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from crm.core import limits
from crm.core.actor import Actor
from crm.ui.generic import state as states
from crm.ui.generic.engine import rows_for
from crm.ui.lists import ListPage

from ..models import ApiToken
from .pages import limit_of

#: Parameters of every list; the others are its filters.
OWN = frozenset({"q", "ordering", "cursor", "limit", "updated_since", "fields"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list call asks for: its rows, not ordered yet, and how to page through them."""

    rows: QuerySet[Any]
    order: str
    cursor: str
    limit: int


def count(token: ApiToken) -> limits.Left:
    """Counts one call of a token. Raises `TooMany` past the installation's limit a minute."""
    return limits.hit("api", str(token.pk), limit=settings.API_PER_MINUTE, window_seconds=60)


def read(page: ListPage, actor: Actor, query: QueryDict, orders: Mapping[str, str], changed: str) -> Asked:
    """The rows a query string asks for. Raises `ValidationError` for a name or value that means nothing."""
    only(query, OWN | states.filter_names(page))
    filters = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in OWN or (name == "q" and page.searches):
            filters.setlist(name, values)
    filters["own"] = "1"
    rows = rows_for(page, actor, states.read(page, actor, filters, (), None))
    if rows.filterset is not None and not rows.filterset.is_valid():
        raise ValidationError({name: list(texts) for name, texts in rows.filterset.form.errors.items()})
    ids = rows.narrow_ids()
    found: Any = page.model._default_manager.filter(pk__in=ids) if ids is not None else rows.queryset()
    if since := query.get("updated_since", ""):
        found = found.filter(**{f"{changed}__gte": _moment("updated_since", since)})
    order = query.get("ordering") or f"-{next(iter(orders))}"
    return Asked(found, order, query.get("cursor", ""), limit_of(query.get("limit", "")))


def turn(query: QueryDict, rows: QuerySet[Any]) -> tuple[QuerySet[Any], int, str]:
    """The rows of a list without filters, changed since a moment; limit and cursor. Raises `ValidationError`."""
    only(query, {"limit", "cursor", "updated_since"})
    if since := query.get("updated_since", ""):
        rows = rows.filter(updated_at__gte=_moment("updated_since", since))
    return rows, limit_of(query.get("limit", "")), query.get("cursor", "")


def fields_of(query: QueryDict, out: Any) -> set[str] | None:
    """The names asked for with `fields=a,b`, None for all. Raises `ValidationError`."""
    if not query.get("fields"):
        return None
    wanted = {name.strip() for name in query["fields"].split(",") if name.strip()}
    if unknown := wanted - set(out._declared_fields):
        raise ValidationError({"fields": [_("There is no field %(names)s.") % {"names": ", ".join(sorted(unknown))}]})
    return wanted


def only(query: QueryDict, known: Collection[str]) -> None:
    """Raises `ValidationError` naming the parameters that nobody reads."""
    if unknown := set(query) - set(known):
        raise ValidationError({name[:80]: [_("This parameter is not known.")] for name in sorted(unknown)[:20]})


def _moment(name: str, text: str) -> Any:
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus that was not escaped arrives as a blank
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment) or not 1900 < moment.year < 2900:
        raise ValidationError({name: [_("Enter a moment with its offset, such as 2026-03-31T09:30:00+08:00.")]})
    return moment
