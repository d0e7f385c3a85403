"""Keeping the index as the records are. Everything here may run twice, and beside itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from crm.activity.models import Activity
from crm.jobs.models import Job

from . import words
from .declarations import Document, SearchDocument, search_documents
from .models import SearchEntry

#: Records of one batch, and how many are read at once with the deed; more than that wait for the sweep.
BATCH = 500
AT_ONCE = 20
_STALE = 0
_FIELDS = ["number", "title_key", "bigrams", "tokens", "tokenizer_version", "at"]


def index(declared: SearchDocument, ids: Sequence[int]) -> int:
    """Reads these records again; entries of those that are gone go too. Returns how many were written."""
    code = declared.kind.code
    with transaction.atomic():
        entries = SearchEntry.objects.filter(kind=code, object_id__in=ids)
        # Who waits here reads what the other has committed, and never writes something older over it.
        list(entries.lock().values_list("pk", flat=True))
        written = [_entry(code, document) for document in declared.rows(ids)]
        SearchEntry.objects.bulk_create(
            written, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=_FIELDS
        )
        entries.exclude(object_id__in=[entry.object_id for entry in written]).delete()
    return len(written)


def _entry(code: int, document: Document) -> SearchEntry:
    key, mark = words.title_key(document), words.kind_token(code)
    pairs = {pair for text in (document.title, *document.names) for pair in words.bigrams(text)}
    return SearchEntry(
        kind=code,
        object_id=document.id,
        number=words.number_key(document.number),
        title_key=key,
        bigrams=[mark, *sorted(pairs)],
        tokens=words.vector({mark, *words.lexemes(document, key)}),
        tokenizer_version=words.VERSION,
        at=document.at,
    )


def follow(activity: Activity) -> None:
    """After a deed: a few records are read again at once, many are marked for the sweep."""
    follow_many([activity])


def follow_many(activities: Sequence[Activity]) -> None:
    """After many deeds: what a few of them touched is read again together, once each."""
    for declared in search_documents:
        wanted: set[int] = set()
        for activity in activities:
            ids = set(declared.touched(activity)) if activity.key in declared.stale_on else set()
            if len(ids) > AT_ONCE:
                SearchEntry.objects.filter(kind=declared.kind.code, object_id__in=ids).update(tokenizer_version=_STALE)
            else:
                wanted |= ids
        if wanted:
            index(declared, sorted(wanted))


def refresh_stale(limit: int = BATCH) -> int:
    """Reads again what was marked, or written by an older tokeniser. Returns how many it looked at."""
    for declared in search_documents:
        old = SearchEntry.objects.filter(kind=declared.kind.code, tokenizer_version__lt=words.VERSION)
        if ids := list(old.values_list("object_id", flat=True)[:limit]):
            index(declared, ids)
            return len(ids)
    return 0


def missing(declared: SearchDocument, after: int, limit: int = BATCH) -> list[int]:
    """Ids of records above `after` without an entry of this version, lowest first."""
    current = SearchEntry.objects.filter(
        kind=declared.kind.code, object_id=OuterRef("pk"), tokenizer_version=words.VERSION
    )
    rows = declared.model.objects.filter(~Exists(current), pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def index_missing(limit: int = BATCH) -> int:
    """Reads records that no deed brought in, such as imported ones. Returns how many."""
    return sum(index(declared, ids) for declared in search_documents if (ids := missing(declared, 0, limit)))


def forget_gone(declared: SearchDocument) -> int:
    """Drops entries whose record is deleted. Returns how many."""
    live = declared.model.objects.filter(pk=OuterRef("object_id"))
    return SearchEntry.objects.filter(~Exists(live), kind=declared.kind.code).delete()[0]


def reindex_all() -> Iterable[int]:
    """Brings the whole index up to date, yielding how many were written after each batch."""
    for declared in search_documents:
        after = 0
        while ids := missing(declared, after):
            yield index(declared, ids)
            after = ids[-1]
        forget_gone(declared)


def reindex_step(job: Job) -> bool:
    """The job's next batch. params["left"]: kinds still to do, the first of them in hand after `job.cursor`."""
    left = job.params.setdefault("left", [declared.key for declared in search_documents])
    if not left:
        return True
    declared = search_documents[left[0]]
    if ids := missing(declared, job.cursor):
        job.done += index(declared, ids)
        job.cursor = ids[-1]
    else:
        forget_gone(declared)
        left.pop(0)
        job.cursor = 0
    return not left
