from .articles import Article, Category, OldSlug
from .reading import ArticleDay, ArticleUse, Feedback, SearchMiss
from .texts import ArticleText, Draft, Version

__all__ = [
    "Article",
    "ArticleDay",
    "ArticleText",
    "ArticleUse",
    "Category",
    "Draft",
    "Feedback",
    "OldSlug",
    "SearchMiss",
    "Version",
]
