"""Ways to narrow the list of articles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django import forms
from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.text import row_id

from .choices import TextState, Visibility
from .models import Article, ArticleDay, ArticleText, Category, Feedback
from .selectors import DAYS, DISLIKED

#: An article that nobody changed or checked for so long is stale.
STALE_DAYS = 365


def needing_translation(rows: Any) -> Any:
    """Published in its own language, and missing or out of date in another."""
    live = ArticleText.objects.filter(
        article=OuterRef("pk"), language=OuterRef("language"), published_version__isnull=False
    )
    others = ArticleText.objects.filter(article=OuterRef("pk")).exclude(language=OuterRef("language"))
    current = others.filter(
        Exists(
            ArticleText.objects.filter(
                article=OuterRef("article"),
                language=OuterRef("article__language"),
                version__lte=OuterRef("source_version"),
            )
        )
    )
    enough = current.order_by().values("article").annotate(n=Count("pk")).filter(n__gte=len(settings.LANGUAGES) - 1)
    return rows.filter(Exists(live)).exclude(Exists(enough))


def disliked(rows: Any) -> Any:
    """At least three times "no" within thirty days, and more often than "yes"."""
    since = clock.now() - dt.timedelta(days=DAYS)
    verdicts = Feedback.objects.filter(article=OuterRef("pk"), at__gte=since).order_by().values("article")
    counted = verdicts.annotate(no=Count("pk", filter=Q(helpful=False)), yes=Count("pk", filter=Q(helpful=True)))
    return rows.filter(Exists(counted.filter(no__gte=DISLIKED, no__gt=F("yes"))))


def stale(rows: Any) -> Any:
    """Published, and neither changed nor checked for a year."""
    before = clock.now() - dt.timedelta(days=STALE_DAYS)
    fresh = ArticleText.objects.filter(article=OuterRef("pk"), updated_at__gte=before)
    return rows.published().filter(~Exists(fresh), Q(checked_at__isnull=True) | Q(checked_at__lt=before))


VERDICTS = [("yes", _("It helped")), ("no", _("It did not"))]


def used(start: dt.date | None, end: dt.date | None) -> Any:
    """Days on which articles were read or asked about, from a day and before another."""
    rows = ArticleDay.objects.filter(Q(views__gt=0) | Q(from_form__gt=0) | Q(stuck__gt=0) | Q(sent__gt=0))
    if start is not None:
        rows = rows.filter(day__gte=start)
    return rows.filter(day__lt=end) if end is not None else rows


class ArticleFilters(df.FilterSet):
    """attention is what the views of editors set."""

    state = df.ChoiceFilter(label=_("State"), choices=TextState.choices, method="by_state")
    visibility = df.ChoiceFilter(label=_("Who reads it"), choices=Visibility.choices)
    category = df.MultipleChoiceFilter(label=_("Category"), choices=(), method="by_category")
    owner = df.ChoiceFilter(label=_("Owner"), choices=[("me", _("Me")), ("none", _("Nobody"))], method="by_owner")
    attention = df.ChoiceFilter(
        label=_("Needs attention"),
        choices=[
            ("translation", _("Translation missing or outdated")),
            ("disliked", _("Did not help")),
            ("stale", _("Not checked for a year")),
        ],
        method="by_attention",
    )

    article = df.CharFilter(method="by_number", widget=forms.HiddenInput, label=_("Article number"))
    rated_from = df.IsoDateTimeFilter(label=_("Rated from"), method="by_verdict")
    rated_to = df.IsoDateTimeFilter(label=_("Rated before"), method="by_verdict")
    verdict = df.ChoiceFilter(label=_("Did it help?"), choices=VERDICTS, method="by_verdict")
    read_in = df.MultipleChoiceFilter(
        label=_("Language read"), choices=settings.LANGUAGES, method="by_reading", widget=forms.MultipleHiddenInput
    )
    used_from = df.DateFilter(label=_("Read from day"), method="by_reading")
    used_to = df.DateFilter(label=_("Read before day"), method="by_reading")

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["category"].extra["choices"] = _categories

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.published() if value == TextState.PUBLISHED else rows.in_state(value)

    def by_category(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = [int(value) for value in values if value.isdigit()]
        return rows.filter(Q(category__in=ids) | Q(category__parent__in=ids))

    def by_owner(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id if value == "me" else None)

    def by_number(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(pk=row_id(value) or 0)

    def by_verdict(self, rows: Any, name: str, value: Any) -> Any:
        """The three speak of one verdict; applied once."""
        given = self.form.cleaned_data
        if name != next((key for key in ("rated_from", "rated_to", "verdict") if given.get(key)), None):
            return rows
        terms = Q()
        for key, lookup in (("rated_from", "at__gte"), ("rated_to", "at__lt")):
            if given.get(key):
                terms &= Q(**{lookup: given[key]})
        if given.get("verdict"):
            terms &= Q(helpful=given["verdict"] == "yes")
        return rows.filter(Exists(Feedback.objects.filter(terms, article=OuterRef("pk"))))

    def by_reading(self, rows: Any, name: str, value: Any) -> Any:
        """The days and the language speak of one row of use; applied once."""
        given = self.form.cleaned_data
        if not value or name != next((key for key in ("read_in", "used_from", "used_to") if given.get(key)), None):
            return rows
        days = used(given.get("used_from"), given.get("used_to"))
        if given.get("read_in"):
            days = days.filter(language__in=given["read_in"])
        return rows.filter(Exists(days.filter(article=OuterRef("pk"))))

    def by_attention(self, rows: Any, name: str, value: str) -> Any:
        return {"translation": needing_translation, "disliked": disliked, "stale": stale}[value](rows)


def _categories() -> list[tuple[str, Any]]:
    return [(str(row.pk), str(row.name)) for row in Category.objects.all()]
