from django.urls import path

from .views import board, dashboards, gallery, mails, owner, targets

app_name = "reports"

urlpatterns = [
    path("", board.BoardView.as_view(), name="board"),
    path("cards/<slug:key>/", board.CardView.as_view(), name="card"),
    path("cards/<slug:key>/export/", board.ExportView.as_view(), name="export"),
    path("targets/", targets.TargetsView.as_view(), name="targets"),
    path("owner/", owner.OwnerView.as_view(), name="owner"),
    path("gallery/", gallery.GalleryView.as_view(), name="gallery"),
    path("gallery/<slug:key>/", gallery.ReportView.as_view(), name="report"),
    path("gallery/<slug:key>/export/", gallery.ReportExportView.as_view(), name="report_export"),
    path("gallery/<slug:key>/add/", dashboards.AddFromReport.as_view(), name="report_add"),
    path("dashboards/", dashboards.DashboardList.as_view(), name="dashboard_list"),
    path("dashboards/new/", dashboards.DashboardCreate.as_view(), name="dashboard_create"),
    path("dashboards/<int:pk>/", dashboards.DashboardDetail.as_view(), name="dashboard_detail"),
    path("dashboards/<int:pk>/edit/", dashboards.DashboardUpdate.as_view(), name="dashboard_update"),
    path("dashboards/<int:pk>/delete/", dashboards.DashboardDelete.as_view(), name="dashboard_delete"),
    path("dashboards/<int:pk>/tiles/", dashboards.TileVerb.as_view(), name="dashboard_tiles"),
    path("dashboards/<int:pk>/first/", dashboards.DashboardFirst.as_view(), name="dashboard_first"),
    path("mail/", mails.MailList.as_view(), name="mail_list"),
    path("mail/new/", mails.MailCreate.as_view(), name="mail_create"),
    path("mail/<int:pk>/edit/", mails.MailUpdate.as_view(), name="mail_update"),
    path("mail/<int:pk>/delete/", mails.MailDelete.as_view(), name="mail_delete"),
    path("mail/<int:pk>/stop/", mails.MailStop.as_view(), name="mail_stop"),
    path("mail/<int:pk>/send/", mails.MailSend.as_view(), name="mail_send"),
]
