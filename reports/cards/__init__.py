"""The board's parts. Each is a function from the question to its content, and stands or fails alone."""

from __future__ import annotations

from .base import Card, Cell, Column, Content, Tile
from .flow import flow, stand
from .now import arrivals, overdue
from .people import agents
from .promises import satisfaction, service_level
from .speed import speed, waiting
from .tiles import now_tiles, period_tiles

#: In the order of the page. wide: the larger half of a row.
CARDS: dict[str, Card] = {
    card.key: card
    for card in (
        now_tiles, period_tiles, flow, stand, speed, waiting, service_level, satisfaction, overdue, arrivals, agents,
    )
}  # fmt: skip

__all__ = ["CARDS", "Card", "Cell", "Column", "Content", "Tile"]
