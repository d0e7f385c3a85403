"""Addresses of the platform: sign-in, home, settings, health."""

from django.urls import path

from .views import health, home, passwords, sign_in

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("home/<str:key>/", home.home_slot, name="home_slot"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.figures, name="metrics"),
    path("accounts/login/", sign_in.sign_in, name="login"),
    path("accounts/logout/", sign_in.sign_out, name="logout"),
    path("accounts/password/", passwords.password_change, name="password_change"),
    path("accounts/password/forgotten/", passwords.password_forgotten, name="password_forgotten"),
    path("accounts/password/sent/", passwords.password_link_sent, name="password_link_sent"),
    path("accounts/password/<uidb64>/<token>/", passwords.PasswordSetView.as_view(), name="password_set"),
]
