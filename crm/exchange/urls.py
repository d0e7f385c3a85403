from django.urls import path

from . import views

app_name = "exchange"

urlpatterns = [
    path("", views.ImportList.as_view(), name="import_list"),
    path("new/", views.ImportChoose.as_view(), name="import_choose"),
    path("new/<slug:key>/", views.ImportUpload.as_view(), name="import_upload"),
    path("new/<slug:key>/template/", views.ImportTemplate.as_view(), name="import_template"),
    path("<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("<int:pk>/columns/", views.ImportColumns.as_view(), name="import_columns"),
    path("<int:pk>/check/", views.ImportCheck.as_view(), name="import_check"),
    path("<int:pk>/check/again/", views.ImportRecheck.as_view(), name="import_recheck"),
    path("<int:pk>/run/", views.ImportRun.as_view(), name="import_run"),
    path("<int:pk>/resume/", views.ImportResume.as_view(), name="import_resume"),
    path("<int:pk>/stop/", views.ImportStop.as_view(), name="import_stop"),
    path("<int:pk>/undo/", views.ImportUndo.as_view(), name="import_undo"),
    path("<int:pk>/discard/", views.ImportDiscard.as_view(), name="import_discard"),
    path("<int:pk>/errors/", views.ImportErrors.as_view(), name="import_errors"),
]
