"""What any member of staff asks other departments for."""

from django.urls import path

from ..views import requests

app_name = "requests"

urlpatterns = [
    path("", requests.RequestList.as_view(), name="request_list"),
    path("new/", requests.RequestChoose.as_view(), name="request_choose"),
    path("new/<slug:key>/", requests.RequestCreate.as_view(), name="request_create"),
    path("<int:number>/", requests.RequestDetail.as_view(), name="request_detail"),
    path("<int:number>/reply/", requests.RequestReply.as_view(), name="request_reply"),
    path("<int:number>/solved/", requests.RequestSolved.as_view(), name="request_solved"),
    path("<int:number>/rate/", requests.RequestRate.as_view(), name="request_rate"),
]
