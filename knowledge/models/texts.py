"""A text in one language, every version of it, and what somebody has begun to type."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..choices import TextState
from ..querysets import OfArticleQuerySet, TextQuerySet
from .articles import Article


class ArticleText(BaseModel):
    """An article in one language. title and body are its latest version; readers see `published_version`.

    version: number of the latest. source_version: the version of the source text that this translation renders,
    null for the source itself. scheduled_version goes out at publish_at. title_key, bigrams and tokens are how the
    help centre finds the published version; they are empty while there is none.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    title_key = models.TextField(default="", editable=False)
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.DRAFT)
    version = models.IntegerField(default=0)
    source_version = models.IntegerField(null=True, editable=False)
    published_version = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)
    scheduled_version = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    publish_at = models.DateTimeField(null=True, editable=False)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, editable=False)
    found_key = models.TextField(default="", editable=False)
    found_bigrams = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    title_tokens = SearchVectorField(null=True, editable=False)
    tokens = SearchVectorField(null=True, editable=False)
    tokenizer_version = models.SmallIntegerField(default=0, editable=False)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_text_a_language"),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(scheduled_version__isnull=False), name="schedule_has_a_version"
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="text_state"),
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="text_due"),
            GinIndex(fields=["title_key"], name="text_title_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["found_key"], name="text_found_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["found_bigrams"], name="text_found_bigrams"),
            GinIndex(fields=["tokens"], name="text_tokens"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Whether readers see a version of it."""
        return self.published_version_id is not None

    @property
    def is_source(self) -> bool:
        return self.language == self.article.language

    @property
    def has_changes(self) -> bool:
        """Published, and edited since."""
        return self.is_live and self.state != TextState.PUBLISHED

    @property
    def is_outdated(self) -> bool:
        """A translation of an older version of its source. Reads the prefetched texts of its article."""
        source = self.article.source
        return source is not None and not self.is_source and (self.source_version or 0) < source.version


class Version(models.Model):
    """A text as somebody saved it. Never changed."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Draft(models.Model):
    """What somebody is typing and has not saved; nobody else sees it. base: the version they started from."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="drafts")
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    base = models.IntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    objects = OfArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "language", "user"], name="one_draft_a_person")]

    def __str__(self) -> str:
        return self.title
