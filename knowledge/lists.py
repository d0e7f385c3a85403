"""The list of articles, and the list of categories."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.generic import cells as ready
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, lists

from . import cells
from .filters import ArticleFilters
from .models import Article


def prepare(rows: Any, actor: Actor) -> Any:
    """Everything a row shows."""
    return rows.select_related("category", "category__parent", "owner").prefetch_related("texts")


lists.register(
    ListPage(
        key="article",
        model=Article,
        label=_("Articles"),
        permission="knowledge.view",
        url_name="knowledge:article_list",
        columns=[
            Column("number", _("Number"), cell=ready.link("label"), width="cw-96",
                   export=lambda row, viewer: row.label),
            Column("title", _("Title"), cell=ready.link("title"), css="subj cut", locked=True, on_card=True),
            Column("state", _("State"), cell=cells.languages, on_card=True, export=cells.languages_text),
            Column("category", _("Category"), cell="category", width="cw-160", on_card=True,
                   export=lambda row, viewer: str(row.category)),
            Column("visibility", _("Who reads it"), cell=cells.readers, width="cw-128", export=cells.readers),
            Column("owner", _("Owner"), cell=ready.person("owner"), width="cw-160",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("updated", _("Updated"), cell=ready.moment("updated_at"), sort="updated_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.updated_at),
        ],
        filterset=ArticleFilters,
        quick_filters=("state", "category", "visibility"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Search in titles"),
        default_sort="-updated",
        prepare=prepare,
        date_jump="updated",
        views=[
            BuiltinView("all", _("All articles")),
            BuiltinView("mine", _("My articles"), {"owner": "me"}),
            BuiltinView("review", _("In review"), {"state": "review"}),
            BuiltinView("published", _("Published"), {"state": "published"}),
            BuiltinView("translation", _("Needs translation"), {"attention": "translation"}),
            BuiltinView("disliked", _("Did not help"), {"attention": "disliked"}),
            BuiltinView("stale", _("Not checked for a year"), {"attention": "stale"}),
        ],
        empty=Empty(
            _("No articles yet"), _("Write down what you explain twice. Customers find it in the help centre.")
        ),
        create_url_name="knowledge:article_create",
        create_permission="knowledge.write",
        create_label=_("New article"),
    )
)  # fmt: skip
