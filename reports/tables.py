"""A card's table as plain text, for mails."""

from __future__ import annotations

from .cards import Content

#: More rows are for the page, where the mail's link leads.
ROWS = 30


def as_text(content: Content) -> str:
    """A line a row: its name, then each figure with its heading."""
    head = content.head
    lines = []
    for row in content.rows[:ROWS]:
        figures = [f"{name}: {cell.value}" for name, cell in zip(head[1:], row[1:], strict=True) if cell.value]
        lines.append(f"{row[0].value} — {'; '.join(figures)}")
    return "\n".join(lines)
