"""The board: the list's own filters, drawn as columns of cards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from crm.core import clock
from crm.core.errors import NotFound
from crm.core.text import row_id
from crm.ui.generic import preferences as list_preferences
from crm.ui.generic import state as states
from crm.ui.generic.engine import Rows, rows_for
from crm.ui.generic.presenter import ListContext
from crm.ui.lists import ListPage, lists
from crm.ui.views.generic.base import StaffView

from ..board import board_of, ends_of, more_cards
from ..choices.opportunities import StageKind
from ..filters.opportunities import quarter_of
from ..models import Opportunity, Pipeline, Stage

REGION = "board"


class BoardContext(ListContext):
    """The list's chips and filters, with addresses that stay on the board."""

    @cached_property
    def url(self) -> str:
        return reverse("sales:board")


class BoardView(StaffView):
    """GET /sales/board/?<the list's filters>. Only open deals stand on it; without a pipeline it is the first one."""

    permission = "opportunities.view"

    @property
    def declared(self) -> ListPage:
        return lists["opportunity"]

    def rows(self) -> Rows:
        """What the address asks for, read as the list reads it."""
        preference = list_preferences.of(self.actor, self.declared.key)
        self.tabs = states.tabs_for(self.declared, self.actor)
        self.preference = preference
        state = states.read(self.declared, self.actor, self.request.GET, self.tabs, preference)
        return rows_for(self.declared, self.actor, state, self.request)

    def pipeline(self, rows: Rows) -> Pipeline:
        """The chosen pipeline. Raises `NotFound` where there is none."""
        pk = row_id(rows.state.filters.get("pipeline", ""))
        self.pipelines = list(Pipeline.objects.filter(is_active=True))
        found = next((row for row in self.pipelines if pk in (None, row.pk)), None)
        if found is None and pk is not None:
            found = Pipeline.objects.filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self.rows()
        pipeline = self.pipeline(rows)
        board = board_of(self.actor, rows.queryset(), pipeline)
        context = BoardContext(self.declared, rows, self.tabs, self.preference, self.viewer)
        only_board = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == REGION
        template = "sales/partials/_board.html" if only_board else "sales/board.html"
        values = {
            "board": board,
            "list": context,
            "view": self,
            "list_url": f"{reverse(self.declared.url_name)}?{context.query_text}",
            "create_url": reverse(self.declared.create_url_name) if self.actor.can("opportunities.create") else "",
            "here": request.get_full_path(),
            "query_text": context.query_text,
            "pipelines": self.pipelines,
            "stages": [column.stage for column in board.columns],
            "ends": self._ends(pipeline),
            "without_step": self._without_step(rows, pipeline),
            "may_move": self.actor.can("opportunities.update"),
        }
        response = render(request, template, values)
        response["Vary"] = "HX-Request, HX-Target"
        return response

    def _without_step(self, rows: Rows, pipeline: Pipeline) -> tuple[int, str]:
        """How many open deals have no next step, and the list of them."""
        query = rows.state.as_query()
        query.pop("sort", None)
        query["next_step"], query["own"], query["pipeline"] = "none", "1", str(pipeline.pk)
        found = rows.filterset.by_next_step(rows.queryset().filter(pipeline=pipeline), "next_step", "none")
        return found.count(), f"{reverse(self.declared.url_name)}?{query.urlencode()}"

    def _ends(self, pipeline: Pipeline) -> dict[str, Any]:
        """What was won and lost this quarter, of all that the viewer sees in the pipeline."""
        first, _after = quarter_of(timezone.localtime(clock.now()).date())
        since = timezone.make_aware(dt.datetime.combine(first, dt.time()))
        seen = Opportunity.objects.visible_to(self.actor).filter(pipeline=pipeline)
        return ends_of(seen, since)


class BoardCards(BoardView):
    """GET /sales/board/<stage>/cards/?after=20&<filters>: further cards of a column."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = self.rows()
        stage = get_object_or_404(Stage, pk=kwargs["stage"])
        after = min(row_id(request.GET.get("after", "")) or 0, 5000)
        cards, more = more_cards(self.actor, rows.queryset(), stage, after)
        query = rows.state.as_query()
        query["own"] = "1"
        values = {
            "cards": cards, "more": more, "stage": stage, "after": after + len(cards),
            "query_text": query.urlencode(), "stages": list(stage.pipeline.stages.filter(kind=StageKind.OPEN)),
            "here": f"{reverse('sales:board')}?{query.urlencode()}",
            "may_move": self.actor.can("opportunities.update"),
        }  # fmt: skip
        return render(request, "sales/partials/_cards.html", values)
