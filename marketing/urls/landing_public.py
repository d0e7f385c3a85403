"""Landing pages for visitors."""

from django.urls import path

from ..views import landing_public

app_name = "landing"

urlpatterns = [
    path("p/<slug:slug>/", landing_public.LandingPageView.as_view(), name="page"),
    path("p/<slug:slug>/thanks/", landing_public.LandingThanks.as_view(), name="thanks"),
]
