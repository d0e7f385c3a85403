"""Addresses of files. Public: uploading (a form's secret key) and signed downloads (the signature)."""

from django.urls import path

from . import views

app_name = "files"

urlpatterns = [
    path("uploads/", views.upload_create, name="upload_create"),
    path("<uuid:uid>/preview/", views.attachment_preview, name="attachment_preview"),
    path("<uuid:uid>/<str:name>", views.attachment_download, name="attachment_download"),
    path("<str:signed>/preview/", views.signed_preview, name="signed_preview"),
    path("<str:signed>/<str:name>", views.signed_download, name="signed_download"),
]
