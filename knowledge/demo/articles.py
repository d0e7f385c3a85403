"""The demo's help centre: written, reviewed and published by the verbs, read and judged by nobody in particular."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.activity.recording import kind_of, quietly
from crm.core.demo import DemoContext
from crm.core.models import Brand
from customers.models import Contact

from .. import actions
from ..choices import Reason
from ..models import Article, ArticleDay, ArticleRead, ArticleText, Category, Feedback, SearchMiss, Version

_FILE = Path(__file__).with_suffix(".toml")
_LANGUAGES = ("en", "zh-hans")
_WORDS = {"en": ("What happens", "What helps", "See also"), "zh-hans": ("现象", "解决方法", "另请参阅")}
_DAYS = 30


class Shelves:
    """Makes the categories, the articles and what thirty days of readers left."""

    def __init__(self, context: DemoContext):
        self.context, self.now = context, context.now
        self.rng = context.rng("knowledge")
        self.data: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        self.editor = actor_for(context.made["staff"].in_role("knowledge_editor")[0])
        self.writer = actor_for(context.made["staff"].in_role("supervisor")[0])
        self.articles: dict[str, Article] = {}

    def run(self) -> None:
        """Everything, quietly: nobody is told of a demo."""
        progress = self.context.progress
        rows = self.data["article"]
        progress.start("Articles", len(rows))
        with quietly():
            categories = self.categories()
            for row in rows:
                self.write(row, categories[row["category"]])
                progress.advance()
            for row in rows:
                self.finish(row)
        self.readers(rows)
        progress.finish()

    def categories(self) -> dict[str, Category]:
        """The shelves; those for colleagues are not shown to everyone."""
        found = {}
        for order, (slug, values) in enumerate(self.data["categories"].items()):
            icon, english, chinese, about_en, about_zh = values
            found[slug] = Category.objects.create(
                brand=Brand.default(), slug=slug, icon=icon, order=100 + order * 10, is_public=slug != "service",
                name={"en": english, "zh-hans": chinese}, description={"en": about_en, "zh-hans": about_zh},
            )  # fmt: skip
        return found

    def write(self, row: dict[str, Any], category: Category) -> None:
        """The first version in English, then the Chinese one beside it."""
        kind = row.get("kind", "")
        author = self.writer if self.rng.random() < 0.3 else self.editor
        article = actions.begin_article(
            actor=author, title=row["title"][0], body=self.body(row, 0), category=category, language="en",
            visibility="internal" if kind == "internal" else "public",
        )  # fmt: skip
        self.articles[row["slug"]] = actions.update_article(actor=author, article=article, values={"slug": row["slug"]})
        if kind not in {"untranslated", "draft"}:
            actions.save_text(
                actor=author, article=article, language="zh-hans", title=row["title"][1], body=self.body(row, 1),
                base=0, source_version=1,
            )  # fmt: skip

    def body(self, row: dict[str, Any], at: int) -> str:
        """A text of the usual three parts."""
        happens, helps, _see = _WORDS[_LANGUAGES[at]]
        steps = "\n".join(f"{n}. {step[at]}" for n, step in enumerate(row["steps"], 1))
        return f"## {happens}\n\n{row['why'][at]}\n\n## {helps}\n\n{steps}"

    def finish(self, row: dict[str, Any]) -> None:
        """Links to other articles, further versions, review and publication, then when all that was."""
        article, kind = self.articles[row["slug"]], row.get("kind", "")
        if row.get("see"):
            self.link(article, row)
        for text in list(article.texts.all()):
            if kind == "draft":
                continue
            if kind == "review":
                actions.ask_review(actor=self.writer, article=article, language=text.language)
                continue
            actions.publish_text(actor=self.editor, article=article, language=text.language, version=text.version)
        if kind == "outdated":
            text = article.texts.get(language="en")
            actions.save_text(
                actor=self.editor, article=article, language="en", title=text.title, base=text.version,
                body=f"{text.body}\n4. Keep the recovery codes apart from the phone.", note="Recovery codes",
            )  # fmt: skip
            actions.publish_text(actor=self.editor, article=article, language="en", version=text.version + 1)
        self.date(article, stale=kind == "stale")

    def link(self, article: Article, row: dict[str, Any]) -> None:
        """A second version with a link to another article, which survives a change of its address."""
        other = self.articles[row["see"]]
        for at, language in enumerate(_LANGUAGES):
            text = article.texts.filter(language=language).first()
            target = other.texts.filter(language=language).first() or other.texts.get(language="en")
            if text is not None:
                body = f"{text.body}\n\n## {_WORDS[language][2]}\n\n[{target.title}](kb:{other.label})"
                actions.save_text(
                    actor=self.editor, article=article, language=language, title=row["title"][at], body=body,
                    base=text.version, note="Link", source_version=2,
                )  # fmt: skip

    def date(self, article: Article, *, stale: bool) -> None:
        """Spreads what was made just now over the past year."""
        days = self.rng.randint(380, 420) if stale else self.rng.randint(3, 300)
        at = self.now - dt.timedelta(days=days, minutes=self.rng.randint(0, 600))
        Article.objects.filter(pk=article.pk).update(created_at=at, updated_at=at)
        ArticleText.objects.filter(article=article).update(created_at=at, updated_at=at)
        ArticleText.objects.filter(article=article, published_version__isnull=False).update(published_at=at)
        Version.objects.filter(text__article=article).update(at=at)
        Activity.objects.filter(kind=kind_of(article).code, object_id=article.pk).update(at=at)

    def readers(self, rows: list[dict[str, Any]]) -> None:
        """Views, verdicts and misses of thirty days."""
        days, verdicts = [], []
        for row in rows:
            article = self.articles[row["slug"]]
            if row.get("kind") in {"draft", "review", "internal"}:
                continue
            popularity = self.rng.paretovariate(1.4)
            for language in article.texts.values_list("language", flat=True):
                for back in range(_DAYS):
                    views = round(self.rng.random() * 6 * popularity)
                    asked, day = round(views * 0.08), (self.now - dt.timedelta(days=back)).date()
                    counts = {"views": views, "from_form": asked, "stuck": round(views * 0.03)}
                    sent = round(asked * 0.4)
                    days.append(ArticleDay(article=article, language=language, day=day, sent=sent, **counts))
                verdicts += self.verdicts(article, language, bad=bool(row.get("disliked")))
        ArticleDay.objects.bulk_create(days)
        Feedback.objects.bulk_create(verdicts)
        rows_of_misses = [
            (language, query, count) for language, found in self.data["misses"].items() for query, count in found
        ]
        for language, query, count in rows_of_misses:
            last = self.now - dt.timedelta(hours=self.rng.randint(1, 200))
            SearchMiss.objects.get_or_create(
                query=query, language=language,
                defaults={"count": count, "first_at": self.now - dt.timedelta(days=20), "last_at": last},
            )  # fmt: skip

    def verdicts(self, article: Article, language: str, *, bad: bool) -> list[Feedback]:
        """A few opinions, more of them bad where readers are not content."""
        found = []
        for n in range(self.rng.randint(4, 9) if bad else self.rng.randint(0, 6)):
            helpful = n % 4 == 0 if bad else self.rng.random() < 0.85
            reason, comment = ("", "")
            if not helpful:
                reason, comment = self.rng.choice(self.data["comments"][language]) if bad else (Reason.UNCLEAR, "")
            at = self.now - dt.timedelta(days=self.rng.randint(0, 25), minutes=self.rng.randint(1, 900))
            found.append(
                Feedback(article=article, language=language, version=1, helpful=helpful, reason=reason,
                         comment=comment, at=at)
            )  # fmt: skip
        return found


def make_reads(context: DemoContext) -> None:
    """What some main contacts read while signed in to the portal."""
    rng = context.rng("knowledge.reads")
    texts = list(ArticleText.objects.public().order_by("pk").values_list("article_id", "language"))
    people = Contact.objects.filter(is_primary=True, customer__is_internal=False).order_by("pk")
    rows = []
    for contact in people[:60]:
        mine = [article for article, language in texts if language == (contact.language or "en")]
        for article in rng.sample(mine, min(len(mine), rng.randint(0, 4))):
            last = context.now - dt.timedelta(days=rng.randint(0, 60), minutes=rng.randint(1, 900))
            rows.append(
                ArticleRead(contact=contact, article_id=article, language=contact.language or "en",
                            times=rng.randint(1, 3), first_at=last - dt.timedelta(minutes=5), last_at=last)
            )  # fmt: skip
    ArticleRead.objects.bulk_create(rows)


def make_articles(context: DemoContext) -> None:
    """Fills the help centre."""
    Shelves(context).run()
