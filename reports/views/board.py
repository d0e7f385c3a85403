"""The board: a frame at once, and cards that load, refresh and fail each by themselves."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.ui.views.generic.base import StaffView

from ..actions import record_export
from ..board import Board, board_from
from ..cards import CARDS, Card
from ..exceptions import NoSuchCard
from ..exports import TYPES, file_of
from ..periods import LABELS

logger = logging.getLogger(__name__)

#: What the page holds already; a refresh that finds the same answers 204 and disturbs nobody.
DIGEST, TIME = "X-Card-Digest", "X-Card-Time"


class BoardPart(StaffView):
    """Anything on the board."""

    permission = "reports.view_board"

    def board(self) -> Board:
        """What the address asks for."""
        return board_from(self.request.GET, self.actor)

    def card(self) -> Card:
        """The card of this address. Raises `NoSuchCard`."""
        card = CARDS.get(self.kwargs["key"])
        if card is None:
            raise NoSuchCard
        return card

    def draw(self, board: Board, card: Card) -> str:
        """The card's HTML; one that fails becomes an error card, and the rest stays."""
        return drawn(self.request, board, card)


class BoardView(BoardPart):
    """GET /reports/: filters and places for the cards; `complete=1` draws all at once, for print or no script."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        board = self.board()
        is_complete = request.GET.get("complete") == "1"
        places: dict[str, list[dict[str, Any]]] = {"top": [], "rows": []}
        for card in CARDS.values():
            html = self.draw(board, card) if is_complete else ""
            places["top" if card.has_tiles else "rows"].append({"card": card, "html": html})
        context = {
            "board": board,
            "places": places,
            "periods": LABELS.items(),
            "updated": time_text(board),
            "is_complete": is_complete,
        }
        return render(request, "reports/board.html", context)


class CardView(BoardPart):
    """GET /reports/cards/<key>/: one card, as a fragment for the board or as a page of its own."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        board, card = self.board(), self.card()
        html = self.draw(board, card)
        if not self.is_fragment:
            return render(request, "reports/card.html", {"board": board, "card": card, "html": html})
        return fragment(request, board, html)


def drawn(request: HttpRequest, board: Board, card: Any) -> str:
    """A card's HTML, for the reader of the request; one that fails becomes an error card."""
    context: dict[str, Any] = {"board": board, "card": card}
    try:
        with transaction.atomic():
            context["content"] = card.build(board)
        name = "_tiles" if card.has_tiles else "_card"
        return render_to_string(f"reports/partials/{name}.html", context, request)
    except DomainError:
        raise
    except Exception:
        logger.exception("card %s failed", card.key)
        return render_to_string("reports/partials/_failed.html", context, request)


def fragment(request: HttpRequest, board: Board, html: str) -> HttpResponse:
    """The card for a page that shows it, or 204 when that page holds the same already."""
    digest = hashlib.sha256(html.encode()).hexdigest()[:20]
    if request.headers.get(DIGEST) == digest:
        return HttpResponse(status=204, headers={TIME: time_text(board)})
    return HttpResponse(html, headers={DIGEST: digest, TIME: time_text(board)})


class ExportView(BoardPart):
    """POST /reports/cards/<key>/export/?<question>[&format=xlsx]: the card's table as CSV or workbook."""

    http_method_names = ["post"]
    permission = "reports.export"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        self.actor.require("reports.view_board")
        return file_response(self.actor, self.board(), self.card(), request.GET.get("format", "csv"))


def file_response(actor: Actor, board: Board, card: Any, format: str) -> HttpResponse:
    """A card's table as a file, written down as an export. Raises `NoSuchCard` for a card or format without one."""
    content = card.build(board)
    if not content.columns or format not in TYPES:
        raise NoSuchCard
    body = file_of(content, format)
    record_export(actor=actor, card=str(card.question), rows=len(content.rows), query=board.query)
    name = f"{card.question} {board.period.first} {board.period.last}.{format}"
    response = HttpResponse(body, content_type=TYPES[format])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def time_text(board: Board) -> str:
    """Hour and minute in the board's zone."""
    return f"{timezone.localtime(clock.now(), board.period.zone):%H:%M}"
