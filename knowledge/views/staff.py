"""Articles for staff: list, page, properties, bin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.core.errors import NotFound
from crm.core.text import row_id
from crm.files.actions import attach_file, remove_attachment
from crm.files.models import Attachment
from crm.ui.generic import cells as ready
from crm.ui.generic.dependents import Dependents
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions, cells, selectors
from ..forms import ArticleForm, FileForm, NewArticleForm
from ..models import Article, SearchMiss
from ..prefill import source_of

WRITE = "knowledge.write"


class ArticleList(ListView):
    permission = "knowledge.view"
    page = "article"


class ArticleRecord(RecordView):
    """The article of the address, with its texts."""

    model = Article
    lookup = "number"
    relations = ("category", "category__parent", "owner")

    def rows(self) -> Any:
        return super().rows().prefetch_related("texts__published_version", "texts__reviewed_by")


class ArticleDetail(ArticleRecord, DetailView):
    """`?lang=` chooses the text; by default the reader's language, else the one it is written in."""

    permission = "knowledge.view"
    template_name = "knowledge/article_detail.html"
    headline = (
        Field("state", gettext_lazy("State"), cells.languages),
        Field("readers", gettext_lazy("Who reads it"), cells.readers),
        Field("category", gettext_lazy("Category"), "category"),
        Field("owner", gettext_lazy("Owner"), ready.person("owner")),
    )
    fields = (
        Field("number", gettext_lazy("Number"), "label"),
        Field("slug", gettext_lazy("Address"), "slug"),
        Field("language", gettext_lazy("Written in"), lambda row, viewer: dict(settings.LANGUAGES)[row.language]),
        Field("checked_at", gettext_lazy("Checked"), ready.moment("checked_at", short=False)),
        Field("updated_at", gettext_lazy("Updated"), ready.moment("updated_at", short=False)),
        Field("created_at", gettext_lazy("Created"), ready.moment("created_at", short=False)),
    )
    verbs = (
        Verb(gettext_lazy("Properties"), "knowledge:article_update", "settings", WRITE),
        Verb(gettext_lazy("Still right"), "knowledge:article_check", "ok", WRITE, post=True),
        Verb(gettext_lazy("Delete"), "knowledge:article_delete", "delete", "knowledge.delete", danger=True),
    )

    def extra(self) -> dict[str, Any]:
        may_write = self.actor.can(WRITE)
        wanted = [self.request.GET.get("lang", ""), self.request.ui.language, self.object.language]  # type: ignore[attr-defined]
        texts = {text.language: text for text in self.object.texts.all() if may_write or text.is_live}
        code = (
            wanted[0] if wanted[0] in dict(settings.LANGUAGES) else next((c for c in wanted if c in texts), wanted[2])
        )
        text = texts.get(code)
        body = text.body if text is not None and may_write else text.published_version.body if text is not None else ""
        tabs = [
            (c, name, cells.state_words(texts.get(c)), c == code)
            for c, name in settings.LANGUAGES
        ]  # fmt: skip
        return {
            "text": text, "code": code, "languages": tabs, "may_write": may_write,
            "body": selectors.rendered(self.actor, body),
            "is_public": text is not None and text.is_live and self.is_public(),
        }  # fmt: skip

    def is_public(self) -> bool:
        return self.object.visibility == "public" and self.object.category.is_open


class ArticleCreate(CreateView):
    """A new article. `?about=ticket:12` fills it from a record, `?miss=7` from a search that found nothing."""

    permission = WRITE
    model = Article
    form_class = NewArticleForm
    action = actions.begin_article
    title = gettext_lazy("New article")
    button = gettext_lazy("Save draft")

    def initial(self) -> dict[str, Any]:
        values: dict[str, Any] = {"language": self.request.ui.language}  # type: ignore[attr-defined]
        miss = self.miss(self.request.GET.get("miss", ""))
        if miss is not None:
            values |= {"title": miss.query, "language": miss.language, "miss": miss.pk}
        about = source_of(self.actor, self.request.GET.get("about", ""))
        if about is not None:
            values |= {"title": about.title, "body": about.body, "language": about.language, "visibility": "internal"}
        return {**values, **{key: self.request.GET[key] for key in ("about",) if key in self.request.GET}}

    def miss(self, number: str) -> SearchMiss | None:
        pk = row_id(number)
        return SearchMiss.objects.visible_to(self.actor).filter(pk=pk).first() if pk is not None else None

    def perform(self, values: dict[str, Any]) -> Any:
        about, miss = source_of(self.actor, values.pop("about")), self.miss(values.pop("miss"))
        article = actions.begin_article(
            actor=self.actor, made_from=about.record if about is not None else None, **values
        )
        if miss is not None:
            actions.settle_miss(actor=self.actor, miss=miss, article=article)
        return article

    def answer(self, record: Any) -> HttpResponse:
        messages.success(self.request, _("%(number)s is a draft now.") % {"number": record.label})
        return redirect("knowledge:text_edit", number=record.number, language=record.language)


class ArticleUpdate(ArticleRecord, UpdateView):
    permission = WRITE
    form_class = ArticleForm
    action = actions.update_article
    record_as = "article"

    def form_kwargs(self) -> dict[str, Any]:
        return {"present": self.object.custom}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("category", "visibility", "owner", "language", "slug")}


class ArticleCheck(ArticleRecord, ActionView):
    permission = WRITE
    action = actions.check_article
    record_as = "article"
    title = gettext_lazy("Is “%(name)s” still right?")
    button = gettext_lazy("Still right")
    done = gettext_lazy("“%(name)s” counts as checked today.")


class ArticleDelete(ToRecycleBin, ArticleRecord, DeleteView):
    permission = "knowledge.delete"
    action = actions.delete_article
    record_as = "article"

    def dependents(self) -> Dependents:
        """Nothing is lost and nothing stands in the way: texts and versions lie in the bin with their article."""
        return Dependents((), ())


class ArticleFile(ArticleRecord, ActionView):
    """Adds a file or a picture; as public as its article."""

    permission = WRITE
    action = attach_file
    form_class = FileForm
    title = gettext_lazy("Add a file to “%(name)s”")
    button = gettext_lazy("Add")
    done = gettext_lazy("The file is added to “%(name)s”.")

    def perform(self, values: dict[str, Any]) -> Any:
        file = values["file"]
        return attach_file(
            actor=self.actor, kind="article", object_id=self.object.pk, name=file.name, file=file,
            visibility=self.object.visibility,
        )  # fmt: skip


class ArticleFileRemove(ArticleRecord, StaffView):
    permission = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int, uid: Any) -> HttpResponse:
        article = self.record()
        file = Attachment.objects.on("article", article.pk).filter(uid=uid).first()
        if file is None:
            raise NotFound
        remove_attachment(actor=self.actor, attachment=file)
        messages.success(request, _("“%(name)s” is removed.") % {"name": file.name})
        return redirect(article.get_absolute_url())


def text_address(article: Article, language: str) -> str:
    """The page of an article with one of its texts."""
    return f"{reverse('knowledge:article_detail', args=[article.number])}?{urlencode({'lang': language})}"
