"""The index: one row for each record that may be found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from crm.core.querysets import BaseQuerySet


class SearchEntry(models.Model):
    """How a record is found. kind: the stored number of its `Kind`; number: small letters and digits of it.

    title_key: title and names folded, with pinyin and initials. bigrams: single Chinese characters of them and pairs.
    tokens: every word of every text. tokenizer_version: `words.VERSION` at writing; smaller means "read again".
    Nobody sees an entry: hits are joined back to their records through `visible_to`.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    title_key = models.TextField()
    bigrams = ArrayField(models.CharField(max_length=20))
    tokens = SearchVectorField()
    tokenizer_version = models.SmallIntegerField()
    at = models.DateTimeField()

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_per_record")]
        indexes = [
            models.Index(fields=["kind", "-at"], name="search_newest"),
            models.Index(fields=["number"], name="search_number"),
            models.Index(fields=["kind", "tokenizer_version"], name="search_version"),
            GinIndex(fields=["tokens"], name="search_tokens"),
            GinIndex(fields=["bigrams"], name="search_bigrams"),
            GinIndex(fields=["title_key"], name="search_title_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.number
