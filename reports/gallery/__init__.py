"""Declared reports drawn as cards: a table with its twin chart, each figure open to its records."""

from .cards import ReportCard, cards_for

__all__ = ["ReportCard", "cards_for"]
