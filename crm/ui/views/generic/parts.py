"""Parts of a record's page that load by themselves: panels and older timeline entries; and pickers."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django.apps import apps
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from crm.activity.selectors import timeline
from crm.core import names, sockets
from crm.core.errors import DomainError, NotFound
from crm.core.text import row_id

from ...generic.narrowing import Asked
from ...generic.record_page import TIMELINE_LIMIT, older_url
from .base import StaffView

logger = logging.getLogger(__name__)

PICK_LIMIT = 20


class KindView(StaffView):
    """Something of a record named by kind and id; the record must be in the actor's set."""

    permission: ClassVar[str | None] = ""

    def rows(self) -> Any:
        """The actor's rows of the kind. Raises `NotFound` for an unknown one."""
        kind = sockets.kinds.get(self.kwargs["kind"])
        rows: Any = apps.get_model(kind.model)._default_manager.all() if kind is not None else None
        if not hasattr(rows, "visible_to"):  # such as deliveries, which have no page of their own
            raise NotFound
        return rows.visible_to(self.actor)

    def record(self) -> Any:
        row = self.rows().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise NotFound
        return row


class PanelView(KindView):
    """GET /panels/<kind>/<id>/<panel>/: a panel's content. One that raises shows an error card, the page stays."""

    def get(self, request: HttpRequest, kind: str, pk: int, panel: str) -> HttpResponse:
        declared = sockets.panels.offered(panel)
        if declared is None or declared.on != kind:
            raise NotFound
        if declared.permission:
            self.actor.require(declared.permission)
        record = self.record()
        try:
            with transaction.atomic():
                context = declared.context(self.actor, record)
                body = render_to_string(declared.template, {**context, "record": record, "panel": declared}, request)
        except DomainError:
            raise
        except Exception:
            logger.exception("panel %s failed on %s %s", panel, kind, pk)
            body = render_to_string("ui/generic/partials/_panel_error.html", {"panel": declared}, request)
        if self.is_fragment:
            return HttpResponse(body)
        return render(request, "ui/generic/panel.html", {"body": body, "panel": declared, "record": record})


class TimelineView(KindView):
    """GET /timeline/<kind>/<id>/?before=<cursor>: older entries, narrowed as the page they continue."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        record, asked = self.record(), Asked.of(request.GET)
        before = row_id(request.GET.get("before", ""))
        page = timeline(
            self.actor, record, before=before, limit=TIMELINE_LIMIT, types=asked.types, narrow=asked.narrow or None
        )
        context = {
            "timeline": page,
            "record": record,
            "older_url": older_url(kind, pk, page.before, asked) if page.before is not None else "",
        }
        template = "ui/generic/partials/_timeline.html" if self.is_fragment else "ui/generic/timeline.html"
        return render(request, template, context)


class PickView(KindView):
    """GET /pick/<kind>/?q=: rows to choose from, as options (HTML) or JSON, by name, pinyin or initials.

    Rows without a `search_key` are matched by their texts; there are few of those.
    """

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        query = names.fold(request.GET.get("q", "")[:100].replace("\x00", ""))
        chosen = self._chosen()
        rows = [*chosen, *(row for row in self._matching(query) if row not in chosen)]
        options = [{"id": row.pk, "text": str(row), "chosen": row in chosen} for row in rows]
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"results": options})
        return render(request, "ui/generic/partials/_options.html", {"options": options})

    def _chosen(self) -> list[Any]:
        """The row the select holds now, so that searching does not lose it. `field` names its parameter."""
        chosen = row_id(self.request.GET.get(self.request.GET.get("field", ""), ""))
        return list(self.rows().filter(pk=chosen)) if chosen is not None else []

    def _matching(self, query: str) -> list[Any]:
        rows = self.rows()
        if hasattr(rows, "active"):
            rows = rows.active()
        fields = {field.name for field in rows.model._meta.get_fields()}
        if "search_key" in fields:
            found = rows.filter(search_key__contains=query) if query else rows
            return list(found.order_by("sort_key" if "sort_key" in fields else "-pk", "pk")[:PICK_LIMIT])
        few = rows.order_by("pk")[:500]
        return [row for row in few if query in names.search_key(str(row))][:PICK_LIMIT]
