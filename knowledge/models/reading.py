"""What readers do with articles, counted without knowing who they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock

from ..choices import Reason, Source, UseKind
from ..querysets import MissQuerySet, OfArticleQuerySet
from .articles import Article

#: Rows a day, article and language that readers are spread over, so that no two wait for each other's count.
SLOTS = 8


class ArticleDay(models.Model):
    """What happened to an article on a day (company zone), in one of `SLOTS` rows. Sum them; never read one.

    views: readers outside. from_form: those who came from the suggestions of the ticket form. stuck: "still need
    help" pressed. sent: tickets sent although the article was read first.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="days")
    language = models.CharField(max_length=10)
    day = models.DateField()
    slot = models.SmallIntegerField(default=0)
    views = models.IntegerField(default=0)
    from_form = models.IntegerField(default=0)
    stuck = models.IntegerField(default=0)
    sent = models.IntegerField(default=0)

    objects = OfArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "day", "slot"], name="one_row_a_day_and_slot")
        ]
        indexes = [models.Index(fields=["day"], name="article_day")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class ArticleRead(models.Model):
    """An article that a contact read while signed in to the portal. Everybody else stays unknown."""

    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="articles_read")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="reads")
    language = models.CharField(max_length=10)
    times = models.IntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article read")
        verbose_name_plural = _("articles read")
        constraints = [models.UniqueConstraint(fields=["contact", "article"], name="one_row_a_reader_and_article")]
        indexes = [models.Index(fields=["contact", "-last_at"], name="article_read_latest")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.article_id}"


class Feedback(models.Model):
    """Whether an article helped, and why not. No name, no address: comments are what a reader chose to write."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    language = models.CharField(max_length=10)
    version = models.IntegerField(default=0)
    helpful = models.BooleanField(_("helped"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HELP)
    at = models.DateTimeField(default=clock.now)

    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        indexes = [
            models.Index(fields=["article", "-at"], name="feedback_of_article"),
            models.Index(fields=["article", "-at"], condition=Q(helpful=False), name="feedback_bad"),
        ]

    def __str__(self) -> str:
        return self.comment or self.reason


class SearchMiss(models.Model):
    """What people looked for and did not find. query is folded; what looks like an address or a number is not kept.

    article: what was written about it since; settled_at: when an editor said that nothing needs to be.
    """

    query = models.CharField(_("searched for"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    count = models.IntegerField(_("times"), default=1)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(_("last"), default=clock.now)
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = MissQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")
        constraints = [models.UniqueConstraint(fields=["query", "language"], name="miss_once")]
        indexes = [models.Index(fields=["-count", "-last_at"], condition=Q(settled_at__isnull=True), name="miss_open")]

    def __str__(self) -> str:
        return self.query


class ArticleUse(models.Model):
    """What an article has to do with a record of an upper app, such as the ticket it was written from."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    how = models.CharField(max_length=12, choices=UseKind.choices)
    at = models.DateTimeField(default=clock.now)

    objects = OfArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "article", "how"], name="use_once"),
        ]
        indexes = [models.Index(fields=["article", "how", "-at"], name="use_of_article")]

    def __str__(self) -> str:
        return self.get_how_display()
