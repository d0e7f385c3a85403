"""Search: signed in; each kind asks for its own permission."""

from django.urls import path

from . import views

app_name = "search"

urlpatterns = [path("search/", views.results, name="results")]
