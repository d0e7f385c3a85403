"""Finding: which entries match, and which of their records the viewer may see, newest first."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from django.contrib.postgres.search import SearchQueryField, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Cast

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet

from . import words
from .declarations import Document, SearchDocument, search_documents
from .models import SearchEntry
from .words import Part

#: Up to so many matches are read and sorted; of more, the newest are read in their order until the page is full,
#: and never more than `NEWEST`.
PROBE, NEWEST = 1000, 5000
#: A search that takes longer is given up, in milliseconds.
PATIENCE_MS = 3000
#: How much of a mistyped word must be alike, from 0 to 1.
LIKENESS = 0.35
#: Shorter words share too many pieces with anything.
ALIKE_CHARS = 5
#: Records that are offered for a mistyped word, the most alike.
OFFERS = 100
#: Digits of a phone number that count as the whole of it, without its country code.
WHOLE_NUMBER = 10
_CHUNKS = (100, 900, NEWEST)


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of one kind. has_more: another page follows. is_cut: older matches were not looked at."""

    declared: SearchDocument
    documents: Sequence[Document]
    has_more: bool
    is_cut: bool


def kinds_for(viewer: Actor) -> list[SearchDocument]:
    """The kinds that the viewer may search, in order."""
    return [declared for declared in search_documents.in_use() if viewer.can(declared.permission)]


def find(
    viewer: Actor, query: str, declared: SearchDocument, *, limit: int, page: int = 1, since: dt.datetime | None = None
) -> Found:
    """A page of the records of one kind that match, the one with that very number first, then the newest.

    since: only what happened after it. Raises `OperationalError` when it takes longer than three seconds.
    """
    parts = words.parse(query)
    if not parts or not viewer.can(declared.permission):
        return Found(declared, [], False, False)
    numbers, pieces = _numbers(query, declared), _may_see_addresses(viewer, declared)
    with transaction.atomic():
        _be_patient()
        matching = _entries(declared, _matching(parts, declared, pieces) | Q(number__in=numbers), since)
        rows = list(matching.values_list("object_id", "at", "number")[: PROBE + 1])
        is_cut = len(rows) > PROBE
        if is_cut:  # who sees nothing need not wait for the walk
            chunks = _newest(matching, numbers) if declared.visible(viewer).exists() else iter(())
        else:
            rows.sort(key=lambda row: (row[2] in numbers, row[1], row[0]), reverse=True)
            chunks = _chunks([row[0] for row in rows] or _alike(declared, parts, since, pieces))
        seen = _visible(viewer, declared, chunks, limit * page + 1)
        shown = seen[limit * (page - 1) : limit * page]
        documents = {document.id: document for document in declared.rows(shown)} if shown else {}
    found = [documents[pk] for pk in shown if pk in documents]
    if not pieces:
        found = [replace(document, mails=(), phones=()) for document in found]
    return Found(declared, found, len(seen) > limit * page, is_cut)


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), "
            "set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(PATIENCE_MS), str(LIKENESS)],
        )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in their order, a few at first: most pages are full after them."""
    start = 0
    for size in _CHUNKS:
        if chunk := ids[start : start + size]:
            yield chunk
        start += size


def _newest(matching: BaseQuerySet, numbers: Sequence[str]) -> Iterator[Sequence[int]]:
    """Exact numbers, then the newest matches; each further chunk is a further query."""
    exact = list(matching.filter(number__in=numbers).values_list("object_id", flat=True)) if numbers else []
    if exact:
        yield exact
    ordered = matching.order_by("-at", "-object_id").values_list("object_id", flat=True)
    start = 0
    for size in _CHUNKS:
        found = list(ordered[start : min(start + size, NEWEST)])
        if chunk := [pk for pk in found if pk not in exact]:
            yield chunk
        start += size
        if len(found) < size:
            break


def _may_see_addresses(viewer: Actor, declared: SearchDocument) -> bool:
    return not declared.addresses or viewer.can(declared.addresses)


def _alike(declared: SearchDocument, parts: Sequence[Part], since: dt.datetime | None, pieces: bool) -> list[int]:
    """Ids of records whose title or names hold words much like the longer ones of the query, the most alike first."""
    mistyped = [part.text for part in parts if part.sort == "word" and len(part.text) >= ALIKE_CHARS]
    if not mistyped:
        return []
    matching = Q()
    for part in parts:
        if part.text in mistyped:
            matching &= Q(title_key__trigram_word_similar=part.text)
        else:
            matching &= _condition(part, declared.kind.code, pieces)
    likeness = reduce(operator.add, (TrigramWordSimilarity(text, "title_key") for text in mistyped))
    entries = _entries(declared, matching, since).order_by(likeness.desc(), "-at")
    return list(entries.values_list("object_id", flat=True)[:OFFERS])


def _entries(declared: SearchDocument, matching: Q, since: dt.datetime | None) -> BaseQuerySet:
    entries = SearchEntry.objects.filter(matching, kind=declared.kind.code)
    return entries if since is None else entries.filter(at__gte=since)


def _visible(viewer: Actor, declared: SearchDocument, chunks: Iterable[Sequence[int]], wanted: int) -> list[int]:
    """The first so many of the ids that are in the viewer's set, in their order."""
    seen: list[int] = []
    for chunk in chunks:
        allowed = set(declared.visible(viewer).filter(pk__in=chunk).values_list("pk", flat=True))
        seen += [pk for pk in chunk if pk in allowed]
        if len(seen) >= wanted:
            break
    return seen[:wanted]


def _numbers(query: str, declared: SearchDocument) -> list[str]:
    """What the query means as a number of that kind: with its letters, or without them."""
    key = words.number_key(query[: words.QUERY_CHARS])
    plain = key.removeprefix(declared.number_prefix)
    return [f"{declared.number_prefix}{plain}"] if plain.isdecimal() and plain.isascii() else []


def _matching(parts: Sequence[Part], declared: SearchDocument, pieces: bool) -> Q:
    """Every part somewhere in the entry. pieces: whether a piece of an address is enough."""
    return reduce(operator.and_, (_condition(part, declared.kind.code, pieces) for part in parts))


def _condition(part: Part, code: int, pieces: bool) -> Q:
    mark = words.kind_token(code)
    if part.sort == "mail":
        return _holds(mark, [words.quoted(words.mail_token(part.text)) + (":*" if pieces else "")])
    holds = _holds(mark, _terms(part))
    if part.sort == "han":
        return holds | Q(bigrams__contains=[mark, *words.bigrams(part.text)])
    if part.sort == "word" and len(part.text) >= 3:
        address = _holds(mark, [f"{words.quoted(words.mail_token(part.text))}:*"]) if pieces else Q(pk__in=[])
        return holds | Q(title_key__contains=part.text) | address
    if part.sort == "digits" and len(part.text) >= (4 if pieces else WHOLE_NUMBER):
        return holds | _holds(mark, [f"{words.quoted(words.phone_token(part.text))}:*"])
    return holds


def _terms(part: Part) -> Iterable[str]:
    """The part as terms of a tsquery, each a quoted lexeme; words of three letters also as beginnings."""
    if part.sort == "han":
        yield from (words.quoted(token) for token in words.tokens(part.text))
    elif len(part.text) >= 3:
        yield f"{words.quoted(part.text)}:*"
    else:
        yield words.quoted(part.text)


def _holds(mark: str, terms: Iterable[str]) -> Q:
    """Entries whose tokens hold every term. Lexemes are quoted, so no query is syntax."""
    query = Cast(Value(" & ".join([words.quoted(mark), *terms])), SearchQueryField())
    return Q(Func(F("tokens"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField()))
