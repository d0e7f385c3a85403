"""The help centre: articles, categories, search. No reader is recognised who is not signed in to the portal."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views import View

from crm.core import limits, switches
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import TooMany
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.files.selectors import attachments_of
from crm.search import snippets
from crm.ui.views.public import is_machine

from .. import finding, markdown, selectors
from ..actions import count_reading, give_feedback, note_miss, note_read
from ..choices import Reason, Source
from ..models import ArticleText, Category

#: Verdicts of one network in an hour, and searches in ten minutes.
_VERDICTS, _SEARCHES, HOUR = 30, 300, 3600
PAGE = 20


class HelpPage(View):
    """A page for anybody, in the language of `?lang=` where the address names one, else in the visitor's.

    Kept by the visitor's browser only, which asks each time: what is taken back is gone at once.
    """

    permission = None
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ui = request.ui  # type: ignore[attr-defined]
        self.brand = Brand.default()
        if not ui.timezone:
            timezone.activate(zoneinfo.ZoneInfo(self.brand.timezone))
        self.language = ui.language
        asked = request.GET.get("lang", "")
        if asked in switches.languages() and asked != ui.language:
            translation.activate(asked)
            self.language = asked
            request.ui = replace(ui, language=asked)  # type: ignore[attr-defined]
        if asked:  # the switch in the head leads back here without it, or it would change nothing
            rest = request.GET.copy()
            del rest["lang"]
            request.META["QUERY_STRING"] = rest.urlencode()
        response = super().dispatch(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, self.template_name, {"language": self.language, **context}, status=status)

    @property
    def reader(self) -> Actor:
        """Whoever reads, a guest: the help centre shows staff what everybody sees."""
        return Actor.guest()

    @property
    def is_counted(self) -> bool:
        """Whether this reader is a person from outside."""
        return not self.request.user.is_authenticated and not is_machine(self.request)


class ArticlePage(HelpPage):
    """An article in the reader's language, else in another with a notice. `?lang=` names one for good."""

    template_name = "knowledge/public/article.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        article, has_moved = selectors.article_at(slug)
        if article is None:
            raise Http404
        if has_moved:
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return redirect(article.public_url + query, permanent=True)
        texts = selectors.live_texts(article)
        text = texts.get(self.language) or texts.get(article.language) or next(iter(texts.values()))
        if self.is_counted:
            count_reading(actor=self.reader, article=article, language=text.language, counter="views")
            if request.GET.get("from") == "form":
                count_reading(actor=self.reader, article=article, language=text.language, counter="from_form")
            if visit := getattr(request, "visit", None):
                note_read(actor=visit.actor, article=article, language=text.language)
        version = text.published_version
        return self.page(
            article=article, text=text, version=version, texts=texts, reasons=Reason.choices,
            body=selectors.rendered(self.reader, version.body), related=selectors.related(text),
            files=attachments_of(self.reader, "article", [article.pk]).get(article.pk, []),
            is_fallback=text.language != self.language, thanked=request.GET.get("thanks", ""),
            languages=[(code, name) for code, name in settings.LANGUAGES if code in texts],
            canonical=address_of(self.brand, text), alternates=alternates(self.brand, texts),
        )  # fmt: skip


class ArticleVerdict(HelpPage):
    """POST helpful=yes|no, reason, comment. Anybody may; a network only so often. Stores nothing about the reader."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        article, _has_moved = selectors.article_at(slug)
        if article is None:
            raise Http404
        language = request.POST.get("language", "")
        if language not in selectors.live_texts(article):
            raise Http404
        helpful = request.POST.get("helpful") == "yes"
        reason = request.POST.get("reason", "")
        try:
            limits.hit("help.verdict", client_network(request), limit=_VERDICTS, window_seconds=HOUR)
            give_feedback(
                actor=self.reader, article=article, language=language, helpful=helpful,
                reason=reason if reason in Reason.values else "", comment=request.POST.get("comment", ""),
                source=Source.HELP,
            )  # fmt: skip
        except TooMany:
            return redirect(f"{article.public_url}?{urlencode({'lang': language, 'thanks': 'later'})}#helpful")
        said = "yes" if helpful else "no"
        return redirect(f"{article.public_url}?{urlencode({'lang': language, 'thanks': said})}#helpful")


class ArticleStuck(HelpPage):
    """The button "still need help": counts it and leads to the ticket form, which remembers the article."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        article, _has_moved = selectors.article_at(slug)
        if article is None:
            raise Http404
        language = request.POST.get("language", "")
        if self.is_counted and language in dict(settings.LANGUAGES):
            count_reading(actor=self.reader, article=article, language=language, counter="stuck")
        return redirect(f"/help/tickets/new/?{urlencode({'article': article.slug})}")


class CategoryPage(HelpPage):
    template_name = "knowledge/public/category.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        category = Category.objects.public().select_related("parent").filter(slug=slug).first()
        if category is None:
            raise Http404
        shelf = next((row for row in selectors.shelves(self.language) if row.category.pk == category.pk), None)
        canonical = f"{self.brand.base_url}{request.path}?{urlencode({'lang': self.language})}"
        return self.page(
            category=category, below=shelf.below if shelf else [], canonical=canonical,
            texts=selectors.popular(self.language, limit=200, category=category),
        )  # fmt: skip


class HelpSearch(HelpPage):
    """`?q=` in the reader's language; another language is offered where only that has something."""

    template_name = "knowledge/public/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = clean_line(request.GET.get("q", ""), 200)
        page = int(number) if (number := request.GET.get("page", "1")).isdecimal() and 0 < int(number) <= 20 else 1
        if not query:
            return self.page(query="", shelves=selectors.shelves(self.language))
        try:
            limits.hit("help.search", client_network(request), limit=_SEARCHES, window_seconds=600)
            results = finding.search(self.reader, query, self.language, limit=PAGE, page=page)
        except (TooMany, OperationalError):
            response = self.page(query=query, is_late=True, status=503)
            response["Retry-After"] = "60"
            return response
        others = []
        if results.is_miss:
            others = [
                (code, name)
                for code, name in settings.LANGUAGES
                if code != self.language and not finding.search(self.reader, query, code, limit=1).is_miss
            ]
            if page == 1 and self.is_counted and not others:
                note_miss(actor=self.reader, query=query, language=self.language)
        return self.page(
            query=query, results=results, hits=shown(results.hits, query), others=others, number=page,
            has_more=results.total > PAGE * page, shelves=selectors.shelves(self.language) if results.is_miss else [],
        )  # fmt: skip


class HelpSuggest(HelpPage):
    """What may answer a subject that is being typed: up to five, as a fragment; nothing for less than three letters."""

    template_name = "knowledge/public/partials/_suggestions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = clean_line(request.GET.get("q", ""), 200)
        hits: Any = []
        if len(query) >= 2:
            try:
                limits.hit("help.suggest", client_network(request), limit=_SEARCHES * 2, window_seconds=600)
                hits = finding.suggest(self.reader, query, self.language, limit=5)
            except (TooMany, OperationalError):
                hits = []
        return self.page(hits=[hit.text for hit in hits])


class Sitemap(HelpPage):
    """Every public text with its address in each language, for search engines."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = ArticleText.objects.public().select_related("article").order_by("article_id", "language")[:20_000]
        texts = [(address_of(self.brand, row), row.published_at) for row in rows]
        response = render(request, "knowledge/public/sitemap.xml", {"texts": texts}, content_type="application/xml")
        response["Cache-Control"] = "public, max-age=3600"
        return response


def address_of(brand: Brand, text: ArticleText) -> str:
    """The one address of a text, whatever way it was reached."""
    return f"{brand.base_url}{text.article.public_url}?{urlencode({'lang': text.language})}"


def alternates(brand: Brand, texts: dict[str, ArticleText]) -> list[tuple[str, str]]:
    """(hreflang, address) of each language."""
    names = {"zh-hans": "zh-Hans"}
    return [(names.get(code, code), address_of(brand, text)) for code, text in texts.items()]


def shown(hits: Any, query: str) -> list[dict[str, Any]]:
    """Hits as the page draws them: title and excerpt with what was found marked."""
    found = snippets.pattern(query)
    rows = []
    for hit in hits:
        version = hit.text.published_version
        plain = markdown.plain(version.body).replace("\n", " ")
        match = found.search(plain) if found is not None else None
        start = max(0, match.start() - 40) if match else 0
        cut = f"{'…' if start else ''}{plain[start : start + 180]}{'…' if len(plain) > start + 180 else ''}"
        rows.append(
            {
                "text": hit.text,
                "title": snippets.marked(version.title, found),
                "excerpt": snippets.marked(cut, found),
                "url": f"{hit.text.article.public_url}?{urlencode({'lang': hit.text.language})}",
            }
        )
    return rows
