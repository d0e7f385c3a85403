"""Articles, the categories they stand in, and the addresses they once had."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.models import BINNED, LIVE, BaseModel, Brand, DeletableModel, live_manager
from crm.core.numbering import next_number
from crm.core.translated import TranslatedField

from ..choices import Visibility
from ..querysets import ArticleQuerySet, CategoryQuerySet

NUMBER_SEQUENCE = "article_number_seq"


class Category(BaseModel):
    """A shelf of the help centre. Two levels: a category, and those below it. icon: a name of `crm.ui.icons`."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", editable=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("stands below"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="children",
    )  # fmt: skip
    name = TranslatedField(_("name"), max_length=80)
    description = TranslatedField(_("description"), max_length=200, blank=True)
    slug = models.SlugField(pgettext_lazy("page", "address"), max_length=80, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="category")
    order = models.IntegerField(_("order"), default=50)
    is_public = models.BooleanField(_("shown to everyone"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_open(self) -> bool:
        """Whether readers outside find it: it and what it stands below are shown to everyone."""
        return self.is_public and (self.parent is None or self.parent.is_public)


class Article(DeletableModel, BaseModel):
    """What is known about something, in one text a language.

    slug: the address, which may change; earlier ones lead to it (`OldSlug`). language: the one it is written in first;
    the others are translations of it. owner: who keeps it right. checked_at: when somebody last said that it is.
    custom: answers to custom fields, key → plain JSON value.
    """

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", editable=False)
    number = models.IntegerField(_("number"), unique=True, editable=False)
    slug = models.SlugField(pgettext_lazy("page", "address"), max_length=80, unique=True)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="articles"
    )
    visibility = models.CharField(
        _("who reads it"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="articles",
    )  # fmt: skip
    language = models.CharField(_("written in"), max_length=10)
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    custom = models.JSONField(default=dict, db_default={}, editable=False)

    objects = live_manager(ArticleQuerySet)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["category", "-updated_at"], condition=LIVE, name="article_shelf"),
            models.Index(fields=["owner", "-updated_at"], condition=LIVE, name="article_mine"),
            models.Index(fields=["-updated_at", "-id"], condition=LIVE, name="article_newest"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="article_binned"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.number:
            self.number = next_number(NUMBER_SEQUENCE)
        if not self.slug:
            self.slug = f"kb-{self.number}"
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page for staff."""
        return reverse("knowledge:article_detail", args=[self.number])

    @property
    def public_url(self) -> str:
        """Its page in the help centre, when it may be read there."""
        return reverse("articles:article", args=[self.slug])

    @property
    def label(self) -> str:
        return f"KB-{self.number}"

    def text_in(self, language: str) -> Any:
        """The text of that language, None where none was begun. Reads the prefetched texts."""
        return next((text for text in self.texts.all() if text.language == language), None)

    @property
    def source(self) -> Any:
        """The text that the others translate."""
        return self.text_in(self.language)

    @property
    def title(self) -> str:
        """In the reader's language where there is a text, else in another."""
        text = self.text_in(translation.get_language() or self.language) or self.source
        return text.title if text is not None and text.title else self.label


class OldSlug(models.Model):
    """An address that an article once had, and never again another's."""

    slug = models.SlugField(max_length=80, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug
