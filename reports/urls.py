from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("", views.BoardView.as_view(), name="board"),
    path("cards/<slug:key>/", views.CardView.as_view(), name="card"),
    path("cards/<slug:key>/export/", views.ExportView.as_view(), name="export"),
]
