"""Addresses of the interface itself.

Public: `preferences` (a visitor's language and theme) and `pulse` (answers 401 to guests), `favicon`.
"""

from django.urls import include, path

from .views import favicon, palette, preferences, pulse, style

app_name = "ui"

urlpatterns = [
    path("", include("crm.ui.generic_urls")),
    path("favicon.ico", favicon.favicon, name="favicon"),
    path("palette/", palette.palette_results, name="palette"),
    path("pulse/", pulse.pulse_view, name="pulse"),
    path("preferences/", preferences.preferences_save, name="preferences"),
    path("settings/preferences/", preferences.preferences_page, name="preferences_page"),
    path("settings/style/", style.style_page, name="style"),
    path("settings/style/public/", style.style_public, name="style_public"),
]
