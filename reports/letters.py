"""What a mailed report or dashboard says, as one of its readers may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.models import Brand

from .board import Board, company_zone
from .cards import Content
from .exceptions import NoSuchReport
from .gallery.cards import ReportCard, card_of
from .models import Dashboard, MailedReport
from .periods import LENGTHS, last_days
from .tables import as_text


@dataclass(frozen=True, slots=True)
class Section:
    """One report of a letter, answered."""

    card: ReportCard
    board: Board
    content: Content

    @property
    def url(self) -> str:
        """Its page, for the days of the letter."""
        return f"{Brand.default().base_url}{self.card.url}?{self.board.query}"

    @property
    def table(self) -> str:
        """The figures line by line, or a word that there are none."""
        return as_text(self.content) or _("Nothing to count in these days.")

    @property
    def text(self) -> str:
        """Question, answer, figures and address, as one paragraph after the other."""
        return "\n\n".join([str(self.card.question), self.content.finding, self.table, self.url])


def sections_of(viewer: Actor, mail: MailedReport) -> list[Section]:
    """The reports that the viewer may read, in the order of the dashboard, each with its answer.

    Raises `NoSuchReport` where there are none, or the viewer may not see the dashboard.
    """
    if mail.dashboard is None:
        return [_section(viewer, card_of(viewer, mail.report), mail.period)]
    if not Dashboard.objects.visible_to(viewer).filter(pk=mail.dashboard.pk).exists():
        raise NoSuchReport
    found = []
    for tile in mail.dashboard.all_tiles:
        try:
            found.append(_section(viewer, card_of(viewer, tile.report), tile.period or mail.period))
        except NoSuchReport:
            continue
    if not found:
        raise NoSuchReport
    return found


def text_of(sections: Sequence[Section]) -> str:
    """All of a dashboard, a line between its reports."""
    return "\n\n---\n\n".join(section.text for section in sections)


def _section(viewer: Actor, card: ReportCard, period: str) -> Section:
    board = Board(viewer, last_days(LENGTHS[period], company_zone(), period), ())
    return Section(card, board, card.build(board))
