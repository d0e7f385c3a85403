"""Addresses that the text message gateway calls."""

from django.urls import path

from . import views

app_name = "messaging"

urlpatterns = [
    path("hooks/sms/", views.SmsIncoming.as_view(), name="sms_incoming"),
    path("hooks/sms/<str:key>/", views.SmsReport.as_view(), name="sms_report"),
]
