"""What an entry would do, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .choices import Existing, Outcome
from .declarations import Entry, Importer, Line
from .entries import digests
from .models import Finding, Import, SeenKey


@dataclass(slots=True)
class Verdict:
    """outcome: of the whole entry. notes: (line, column key, reason) of what is to be said."""

    outcome: Outcome
    notes: list[tuple[Line, str, Any]] = field(default_factory=list)


def verdict(importer: Importer, entry: Entry, existing: str, twice: dict[int, tuple[str, int]]) -> Verdict:
    """What becomes of a resolved entry. twice: row → (column key, earlier row) that it repeats."""
    if entry.is_wrong:
        notes = [(line, column, reason) for line in entry.lines for column, reason in line.wrong.items()]
        others = [line for line in entry.lines if not line.wrong]
        return Verdict(Outcome.WRONG, notes + [(line, "", _("Another row of this record is wrong")) for line in others])
    repeated = next((line for line in entry.lines if line.number in twice), None)
    if repeated is not None:
        column, earlier = twice[repeated.number]
        reason = _("Row %(row)s of this file says the same") % {"row": f"{earlier:,}"}
        return Verdict(Outcome.SKIPPED, [(line, column, reason) for line in entry.lines])
    if entry.owned_by:
        reason = _("Exists already, owned by %(owner)s. You may not change it") % {"owner": entry.owned_by}
        return Verdict(Outcome.SKIPPED, [(line, "", reason) for line in entry.lines])
    if entry.found is None or (existing == Existing.MAKE and importer.may_make):
        notes = told(entry)
        return Verdict(Outcome.SKIPPED if notes and existing == Existing.SKIP else Outcome.MADE, notes)
    if existing == Existing.UPDATE:
        return Verdict(Outcome.CHANGED)
    label = getattr(entry.found, "label", "") or str(entry.found)
    reason = _("Exists already: %(record)s (%(reason)s)") % {"record": label, "reason": entry.reason}
    return Verdict(Outcome.SKIPPED, [(line, "", reason) for line in entry.lines])


def told(entry: Entry) -> list[tuple[Line, str, Any]]:
    """What is to be said of an entry even where it is written."""
    return [(entry.line, column, reason) for column, reason in entry.resembles.items()]


def findings(record: Import, importer: Importer, verdicts: Iterable[Verdict]) -> list[Finding]:
    """The rows that say so, in the language that is active."""
    notes = [(verdict.outcome, *note) for verdict in verdicts for note in verdict.notes]
    labels = {column.key: str(column.label) for column in importer.all_columns()} if notes else {}
    return [
        Finding(
            batch=record, number=line.number, outcome=outcome, column=labels.get(column, "")[:120],
            value=line.cells.get(column, "")[:300], reason=str(reason)[:400],
        )
        for outcome, line, column, reason in notes
    ]  # fmt: skip


def repeated(
    record: Import, importer: Importer, entries: Sequence[Entry], *, remember: bool
) -> dict[int, tuple[str, int]]:
    """Row → (column key, earlier row) for rows with a key of an earlier entry. remember: the keys of these, too."""
    keys = {
        line.number: digests(importer.keys(line)) for entry in entries for line in entry.lines if not entry.is_wrong
    }
    wanted = {digest for each in keys.values() for digest in each.values()}
    seen = dict(SeenKey.objects.filter(batch=record, digest__in=wanted).values_list("digest", "number"))
    twice: dict[int, tuple[str, int]] = {}
    fresh: dict[str, int] = {}
    for entry in entries:
        first = entry.line.number
        for line in entry.lines:
            for column, digest in keys.get(line.number, {}).items():
                earlier = seen.get(digest, fresh.get(digest, first))
                if earlier != first and not any(earlier == other.number for other in entry.lines):
                    twice.setdefault(line.number, (column, earlier))
        if remember and not any(line.number in twice for line in entry.lines):
            fresh |= {digest: first for line in entry.lines for digest in keys.get(line.number, {}).values()
                      if digest not in seen}  # fmt: skip
    if remember:
        rows = [SeenKey(batch=record, digest=digest, number=number) for digest, number in fresh.items()]
        SeenKey.objects.bulk_create(rows, ignore_conflicts=True)
    return twice


def rows_of(entries: Iterable[Entry]) -> int:
    """How many rows of the file these are."""
    return sum(len(entry.lines) for entry in entries)
