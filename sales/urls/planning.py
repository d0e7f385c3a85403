"""/sales/forecast/, /sales/targets/, /sales/funnel/."""

from django.urls import path

from ..views import forecast, funnel, targets

app_name = "planning"

urlpatterns = [
    path("forecast/", forecast.ForecastView.as_view(), name="forecast"),
    path("targets/", targets.TargetsView.as_view(), name="targets"),
    path("funnel/", funnel.FunnelView.as_view(), name="funnel"),
]
