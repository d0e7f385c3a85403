"""Articles as staff find them: by number, title and text in every language, drafts included for those who write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument, search_documents

from . import markdown
from .models import Article


def rows(ids: Sequence[int]) -> Iterator[Document]:
    """Articles with the latest and the published words of each language."""
    articles = Article.objects.filter(pk__in=ids).prefetch_related("texts__published_version")
    for row in articles:
        texts = list(row.texts.all())
        body = [markdown.plain(text.body) for text in texts]
        title = row.source.title if row.source else row.label
        yield Document(
            id=row.pk,
            title=title,
            number=row.label,
            at=row.updated_at,
            names=[text.title for text in texts if text.title and text.title != title],
            body=body,
        )


def address(document: Document) -> str:
    return reverse("knowledge:article_detail", args=[document.number.removeprefix("KB-")])


def touched(activity: Activity) -> Iterable[int]:
    """The article itself."""
    return [activity.object_id]


search_documents.register(
    SearchDocument(
        key="article",
        label=_("Articles"),
        permission="knowledge.view",
        rows=rows,
        visible=Article.objects.visible_to,
        url=address,
        stale_on=(
            "knowledge.created", "knowledge.saved", "knowledge.published", "knowledge.unpublished",
            "knowledge.updated", "knowledge.deleted", "knowledge.restored", "knowledge.erased",
        ),
        touched=touched,
        number_prefix="kb",
        order=40,
    )
)  # fmt: skip
