from .articles import Article, Category, OldSlug
from .reading import ArticleDay, ArticleRead, ArticleUse, Feedback, SearchMiss
from .texts import ArticleText, Draft, Version

__all__ = [
    "Article",
    "ArticleDay",
    "ArticleRead",
    "ArticleText",
    "ArticleUse",
    "Category",
    "Draft",
    "Feedback",
    "OldSlug",
    "SearchMiss",
    "Version",
]
