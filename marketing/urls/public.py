"""What recipients of campaigns open. Fixed words stand before the token."""

from django.urls import path

from ..views import responses

app_name = "responses"

urlpatterns = [
    path("m/<str:token>/o.gif", responses.Opened.as_view(), name="opened"),
    path("m/<str:token>/c/<int:link>/", responses.Click.as_view(), name="click"),
    path("m/<str:token>/view/", responses.Shown.as_view(), name="shown"),
    path("m/<str:token>/more/", responses.Trap.as_view(), name="trap"),
    path("m/<str:token>/event/", responses.Register.as_view(), name="register"),
    path("unsubscribe/<str:token>/", responses.Unsubscribe.as_view(), name="unsubscribe"),
    path("unsubscribe/<str:token>/preferences/", responses.Preferences.as_view(), name="preferences"),
]
