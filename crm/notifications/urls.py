"""Addresses of a person's own notifications: signed in, no further permission."""

from django.urls import path

from . import views, views_push

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/bell/", views.notification_bell, name="notification_bell"),
    path("notifications/read/", views.notification_read_all, name="notification_read_all"),
    path("notifications/clear/", views.notification_clear, name="notification_clear"),
    path("notifications/settings/", views.notification_settings, name="settings"),
    path("notifications/settings/choices/", views.choices_save, name="choices_save"),
    path("notifications/settings/reset/", views.choices_reset, name="choices_reset"),
    path("sw.js", views_push.push_worker, name="push_worker"),
    path("notifications/push/", views_push.push_subscribe, name="push_subscribe"),
    path("notifications/push/<int:pk>/remove/", views_push.push_remove, name="push_remove"),
    path("notifications/muted/<int:pk>/remove/", views.mute_remove, name="mute_remove"),
    path("notifications/<int:pk>/mute/", views.notification_mute, name="notification_mute"),
    path("notifications/<int:pk>/unmute/", views.notification_unmute, name="notification_unmute"),
    path("notifications/<int:pk>/read/", views.notification_read, name="notification_read"),
    path("notifications/<int:pk>/unread/", views.notification_unread, name="notification_unread"),
]
