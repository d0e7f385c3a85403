"""The help centre's articles. `/help/` itself and the ticket form belong to the service desk."""

from django.urls import path

from ..views import public

app_name = "articles"

urlpatterns = [
    path("help/search/", public.HelpSearch.as_view(), name="search"),
    path("help/search/suggest/", public.HelpSuggest.as_view(), name="suggest"),
    path("help/sitemap.xml", public.Sitemap.as_view(), name="sitemap"),
    path("help/categories/<slug:slug>/", public.CategoryPage.as_view(), name="category"),
    path("help/articles/<slug:slug>/", public.ArticlePage.as_view(), name="article"),
    path("help/articles/<slug:slug>/helpful/", public.ArticleVerdict.as_view(), name="article_verdict"),
    path("help/articles/<slug:slug>/ask/", public.ArticleStuck.as_view(), name="article_stuck"),
]
