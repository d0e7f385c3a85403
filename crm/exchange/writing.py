"""Entries of a file become records: in batches, by the same actions as the pages."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.core.actor import Actor

from .checking import Verdict, findings, repeated, told, verdict
from .choices import Existing, Outcome
from .declarations import Entry, Importer, Written
from .models import Finding, Import, WrittenRow
from .together import in_halves, one_by_one

NOTHING = _("Nothing to change")


def write_entries(record: Import, actor: Actor, importer: Importer, entries: Sequence[Entry]) -> None:
    """Writes what is to be written, and stores what came of each row; the caller saves the counts of the import.

    Looked at anew, since the base has moved since the dry run. Joins the transaction of its caller.
    """
    twice = repeated(record, importer, entries, remember=False)
    for wave in _waves(importer, entries, twice):
        importer.resolve(actor, [entry for entry in wave if not entry.is_wrong])
        found = _judged(record, importer, wave, twice)
        ready = [entry for entry, seen in found if seen.outcome in {Outcome.MADE, Outcome.CHANGED}]
        written = _written(actor, importer, ready)
        left_out = [(entry, seen) for entry, seen in found if seen.outcome in {Outcome.SKIPPED, Outcome.WRONG}]
        _remember(record, importer, [*written, *left_out])


def _waves(importer: Importer, entries: Sequence[Entry], twice: dict[int, tuple[str, int]]) -> Iterator[list[Entry]]:
    """The entries in groups: none of a group may find the record that another of its group makes."""
    waves: dict[int, list[Entry]] = {}
    first: dict[Hashable, int] = {}
    for entry in entries:
        writes = not entry.is_wrong and not any(line.number in twice for line in entry.lines)
        marks = {mark for line in entry.lines for mark in importer.marks(line)} if importer.marks and writes else set()
        wave = 1 + max((first[mark] for mark in marks if mark in first), default=-1)
        waves.setdefault(wave, []).append(entry)
        for mark in marks:
            first.setdefault(mark, wave)
    for wave in sorted(waves):
        yield waves[wave]


def _judged(
    record: Import, importer: Importer, wave: Sequence[Entry], twice: dict[int, tuple[str, int]]
) -> list[tuple[Entry, Verdict]]:
    """What becomes of each; a record that an earlier row of this very file made is completed, whatever was chosen."""
    known = {(kind_of(entry.found).code, entry.found.pk) for entry in wave if entry.found is not None}
    rows = WrittenRow.objects.filter(batch=record, outcome=Outcome.MADE, object_id__in={pk for _code, pk in known})
    ours = set(rows.values_list("kind", "object_id")) & known if known else set()
    found = []
    for entry in wave:
        is_ours = entry.found is not None and (kind_of(entry.found).code, entry.found.pk) in ours
        seen = verdict(importer, entry, Existing.UPDATE if is_ours else record.existing, twice)
        if seen.outcome == Outcome.MADE:
            entry.found = None
        found.append((entry, seen))
    return found


def _written(actor: Actor, importer: Importer, entries: Sequence[Entry]) -> list[tuple[Entry, Written | Verdict]]:
    def refused(entry: Entry, reason: str) -> Written | Verdict:
        return Verdict(Outcome.WRONG, [(line, "", reason) for line in entry.lines])

    many, one = importer.write_many, importer.write
    if many is not None:
        return in_halves(entries, lambda some: many(actor, some), refused)
    assert one is not None
    return one_by_one(entries, lambda entry: one(actor, entry), refused)


def _remember(record: Import, importer: Importer, results: Sequence[tuple[Entry, Written | Verdict]]) -> None:
    rows, verdicts = [], []
    for entry, result in results:
        record.counts[result.outcome] = record.counts.get(result.outcome, 0) + len(entry.lines)
        if isinstance(result, Verdict):
            verdicts.append(result)
        elif result.outcome == Outcome.SKIPPED:
            verdicts.append(Verdict(result.outcome, [(line, "", NOTHING) for line in entry.lines]))
        else:
            verdicts.append(Verdict(result.outcome, told(entry) if result.outcome == Outcome.MADE else []))
            rows.append(
                WrittenRow(
                    batch=record, number=entry.line.number, outcome=result.outcome, kind=kind_of(result.record).code,
                    object_id=result.record.pk, label=str(result.record)[:200], memory=dict(result.memory),
                )
            )  # fmt: skip
    WrittenRow.objects.bulk_create(rows)
    Finding.objects.bulk_create(findings(record, importer, verdicts))
