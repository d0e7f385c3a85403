"""/sales/prices/: what products cost for whom."""

from django.urls import path

from ..views import prices

app_name = "prices"

urlpatterns = [path("", prices.ListPriceList.as_view(), name="list_price_list")]
