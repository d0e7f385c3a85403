"""The sales settings: price lists."""

from django.urls import path

from ..views import prices

app_name = "salesdesk"

urlpatterns = [
    path("price-lists/", prices.PriceListList.as_view(), name="price_list_list"),
    path("price-lists/new/", prices.PriceListCreate.as_view(), name="price_list_create"),
    path("price-lists/<int:pk>/", prices.PriceListUpdate.as_view(), name="price_list_update"),
    path("list-prices/new/", prices.ListPriceCreate.as_view(), name="list_price_create"),
    path("list-prices/<int:pk>/", prices.ListPriceUpdate.as_view(), name="list_price_update"),
    path("list-prices/<int:pk>/remove/", prices.ListPriceRemove.as_view(), name="list_price_remove"),
]
