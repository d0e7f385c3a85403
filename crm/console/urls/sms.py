"""/settings/sms/; `urls.py` includes it."""

from django.urls import path

from ..views import sms

urlpatterns = [
    path("", sms.SmsView.as_view(), name="sms"),
    path("test/", sms.SmsTestView.as_view(), name="sms_test"),
    path("numbers/", sms.SmsOptOutView.as_view(), name="sms_opt_out"),
    path("numbers/<int:pk>/lift/", sms.SmsOptInView.as_view(), name="sms_opt_in"),
    path("log/", sms.OutgoingSmsListView.as_view(), name="outgoing_sms_list"),
    path("log/<int:pk>/", sms.OutgoingSmsView.as_view(), name="outgoing_sms_detail"),
    path("log/<int:pk>/retry/", sms.OutgoingSmsRetryView.as_view(), name="outgoing_sms_retry"),
    path("log/<int:pk>/hold/", sms.OutgoingSmsHoldView.as_view(), name="outgoing_sms_hold"),
]
