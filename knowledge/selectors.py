"""Reads for staff and for readers of the help centre."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Model, Q, Sum
from django.utils import timezone

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actor import Actor

from . import markdown
from .choices import UseKind
from .models import Article, ArticleDay, ArticleText, ArticleUse, Category, Feedback, OldSlug, SearchMiss, Version
from .querysets import ArticleQuerySet

#: The window of every figure of use.
DAYS = 30
#: So many times "no" in the window, and its owner hears of it.
DISLIKED = 3


def deleted_articles(viewer: Actor) -> ArticleQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return ArticleQuerySet(Article).filter(deleted_at__isnull=False).visible_to(viewer)


def is_disliked(article: Article) -> bool:
    """Whether the verdict just given is the one that the owner should hear of."""
    since = clock.now() - dt.timedelta(days=DAYS)
    return Feedback.objects.filter(article=article, helpful=False, at__gte=since).count() == DISLIKED


def article_at(slug: str) -> tuple[Article | None, bool]:
    """The article everybody may read at that address, and whether it has moved from there."""
    rows = Article.objects.public().select_related("category", "category__parent")
    found = rows.filter(slug=slug).first()
    if found is not None:
        return found, False
    old = OldSlug.objects.filter(slug=slug).first()
    return (rows.filter(pk=old.article_id).first(), True) if old is not None else (None, False)


def live_texts(article: Article) -> dict[str, ArticleText]:
    """Language → text that readers see."""
    rows = article.texts.filter(published_version__isnull=False).select_related("published_version")
    return {text.language: text for text in rows}


def links_for(viewer: Actor, numbers: Iterable[int]) -> dict[int, str]:
    """Number → address of the articles among these that the viewer may open: public ones in the help centre."""
    rows = Article.objects.visible_to(viewer).filter(number__in=list(numbers))
    if not viewer.is_staff:
        return {row.number: row.public_url for row in rows}
    return {row.number: row.get_absolute_url() for row in rows}


def rendered(viewer: Actor, body: str) -> markdown.Rendered:
    """A body as HTML for that reader. One query when it links to other articles."""
    numbers = markdown.article_numbers(body)
    return markdown.render(body, links=links_for(viewer, numbers) if numbers else {})


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of the help centre with how much stands in it and below it."""

    category: Category
    count: int
    below: Sequence[Category]


def shelves(language: str = "") -> list[Shelf]:
    """The public categories that hold something to read, in order. Two queries."""
    counts = dict(
        Article.objects.public(language).values_list("category").annotate(n=Count("pk")).values_list("category", "n")
    )
    rows = list(Category.objects.public().order_by("order", "pk"))
    found = []
    for top in (row for row in rows if row.parent_id is None):
        below = [row for row in rows if row.parent_id == top.pk and counts.get(row.pk)]
        total = counts.get(top.pk, 0) + sum(counts.get(row.pk, 0) for row in below)
        if total:
            found.append(Shelf(top, total, below))
    return found


def popular(language: str, *, limit: int = 6, category: Category | None = None) -> list[ArticleText]:
    """Public texts of that language that were read most in the last thirty days, then the newest."""
    since = timezone.localdate(clock.now()) - dt.timedelta(days=DAYS)
    rows = ArticleText.objects.public().filter(language=language).select_related("article", "article__category")
    if category is not None:
        rows = rows.filter(Q(article__category=category) | Q(article__category__parent=category))
    read = Sum("article__days__views", filter=Q(article__days__day__gte=since), default=0)
    return list(rows.annotate(read=read).order_by("-read", "-published_at")[:limit])


def related(text: ArticleText, *, limit: int = 4) -> list[ArticleText]:
    """Others of its category, the most read first."""
    rows = popular(text.language, limit=limit + 1, category=text.article.category)
    return [row for row in rows if row.pk != text.pk][:limit]


@dataclass(frozen=True, slots=True)
class Figures:
    """How an article was used in the last thirty days. Rates are in per cent of their base, None without one.

    saved: readers who came to it from the ticket form, or went from it to the form, and sent no ticket.
    """

    views: int
    yes: int
    no: int
    stuck: int
    from_form: int
    sent: int
    replies: int

    @property
    def verdicts(self) -> int:
        return self.yes + self.no

    @property
    def helped_percent(self) -> int | None:
        return round(100 * self.yes / self.verdicts) if self.verdicts else None

    @property
    def asking(self) -> int:
        """Readers who were about to write to us."""
        return self.from_form + self.stuck

    @property
    def saved(self) -> int:
        return max(0, self.asking - self.sent)

    @property
    def saved_percent(self) -> int | None:
        return round(100 * self.saved / self.asking) if self.asking else None


def figures(article: Article | None = None) -> Figures:
    """Of one article, or of the whole help centre. Three queries."""
    since = clock.now() - dt.timedelta(days=DAYS)
    only = {"article": article} if article is not None else {}
    counted = ArticleDay.objects.filter(day__gte=timezone.localdate(since), **only).aggregate(
        **{name: Sum(name, default=0) for name in ("views", "stuck", "from_form", "sent")}
    )
    verdicts = Feedback.objects.filter(at__gte=since, **only).aggregate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )
    replies = ArticleUse.objects.filter(how=UseKind.SENT, at__gte=since, **only).count()
    return Figures(**counted, **verdicts, replies=replies)


def uses_on(viewer: Actor, record: Model, how: str = "") -> list[ArticleUse]:
    """Articles that have to do with a record, newest first, of those the viewer sees."""
    rows = ArticleUse.objects.filter(
        kind=kind_of(record).code, object_id=record.pk, article__in=Article.objects.visible_to(viewer)
    )
    if how:
        rows = rows.filter(how=how)
    return list(rows.select_related("article").prefetch_related("article__texts").order_by("-at"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. sign: "+" came, "-" went, " " stayed, "…" several that stayed."""

    sign: str
    text: str


def difference(old: Version | None, new: Version) -> list[Line]:
    """What changed between two versions, line by line, with two lines around each change."""
    before = [old.title, "", *old.body.split("\n")] if old is not None else []
    after = [new.title, "", *new.body.split("\n")]
    lines = []
    for line in list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]:
        lines.append(Line("…", "") if line.startswith("@@") else Line(line[0], line[1:]))
    return lines[1:] if lines and lines[0].sign == "…" else lines


def open_misses(viewer: Actor, query: str = "") -> list[SearchMiss]:
    """What was searched in vain and nobody has dealt with, the most wanted first. query: only that text."""
    rows = SearchMiss.objects.visible_to(viewer).filter(settled_at__isnull=True)
    if query:
        rows = rows.filter(query=query)
    return list(rows.order_by("-count", "-last_at")[:200])


def articles_by_slug(slugs: Iterable[str]) -> Mapping[str, Article]:
    """Public articles by address, former addresses included."""
    wanted = set(slugs)
    found = {row.slug: row for row in Article.objects.public().filter(slug__in=wanted)}
    missing = wanted - set(found)
    if missing:
        old = OldSlug.objects.filter(slug__in=missing, article__in=Article.objects.public()).select_related("article")
        found |= {row.slug: row.article for row in old}
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """What the door of the help centre shows of the knowledge base."""

    shelves: Sequence[Shelf]
    popular: Sequence[ArticleText]


def help_home(language: str) -> Home:
    """Categories and the articles that are read most, in that language. Three queries."""
    return Home(shelves(language), popular(language))


#: An article's address in a text.
_ADDRESS = re.compile(r"/help/articles/([-a-z0-9_]{1,80})/", re.IGNORECASE)


def slugs_in(text: str) -> list[str]:
    """Addresses of articles that stand in a text, such as a reply."""
    return list(dict.fromkeys(slug.lower() for slug in _ADDRESS.findall(text)))
