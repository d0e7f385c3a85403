"""Holding a restored database against the manifest of its archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import counting
from .archive import Manifest

#: Written by the restore itself: the copy is held.
UNCOMPARED = frozenset({"core_installation"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing compared: what the archive says and what was found."""

    name: str
    expected: str
    found: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Every comparison of a restore."""

    lines: Sequence[Line]

    @property
    def ok(self) -> bool:
        return all(line.ok for line in self.lines)

    def table(self) -> Iterator[str]:
        """Lines for a terminal."""
        width = max((len(line.name) for line in self.lines), default=0)
        yield f"{'':9}  {'':{width}}  {'archive':>14}  {'restored':>14}"
        for line in self.lines:
            mark = "ok" if line.ok else "DIFFERENT"
            yield f"{mark:9}  {line.name:{width}}  {line.expected:>14}  {line.found:>14}"


def compare(cursor: Any, manifest: Manifest, files: Mapping[str, str]) -> Report:
    """Tables by rows and digest, sequences, and recorded contents. files: path below MEDIA_ROOT → SHA-256."""
    return Report([*_tables(cursor, manifest), *_sequences(cursor, manifest), _contents(cursor, manifest, files)])


def _tables(cursor: Any, manifest: Manifest) -> Iterator[Line]:
    found = counting.count_tables(cursor)
    for name in sorted((manifest.tables.keys() | found.keys()) - UNCOMPARED):
        before, after = manifest.tables.get(name), found.get(name)
        other = " other" if before and after and before.rows == after.rows and before != after else ""
        yield Line(name, _rows(before), _rows(after) + other, before == after)


def _rows(count: counting.TableCount | None) -> str:
    return f"{count.rows:,}" if count else "no table"


def _sequences(cursor: Any, manifest: Manifest) -> Iterator[Line]:
    """A restored sequence may be ahead of the manifest, never behind."""
    found = counting.sequence_values(cursor)
    behind = [name for name, value in manifest.sequences.items() if found.get(name, 0) < value]
    wanted, reached = len(manifest.sequences), len(manifest.sequences) - len(behind)
    yield Line("sequences", f"{wanted:,}", f"{reached:,}", not behind)
    for name in behind:
        yield Line(f"sequence {name}", f"{manifest.sequences[name]:,}", f"{found.get(name, 0):,}", False)


def _contents(cursor: Any, manifest: Manifest, files: Mapping[str, str]) -> Line:
    """Every content that rows name is there with the bytes they name, but those the manifest calls missing."""
    recorded = counting.recorded_contents(cursor)
    there = [name for name, sha256 in recorded.items() if files.get(name) == sha256]
    expected = len(recorded) - len(set(manifest.missing) & recorded.keys())
    return Line("stored contents", f"{expected:,}", f"{len(there):,}", expected == len(there))
