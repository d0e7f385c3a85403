"""Addresses of the interface itself. Public: `preferences` (language and theme of a visitor), `pulse` (401 to guests)."""

from django.urls import path

from .views import palette, preferences, pulse, style

app_name = "ui"

urlpatterns = [
    path("palette/", palette.palette_results, name="palette"),
    path("pulse/", pulse.pulse_view, name="pulse"),
    path("preferences/", preferences.preferences_save, name="preferences"),
    path("settings/preferences/", preferences.preferences_page, name="preferences_page"),
    path("settings/style/", style.style_page, name="style"),
    path("settings/style/public/", style.style_public, name="style_public"),
]
