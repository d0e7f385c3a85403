"""The sales settings: price lists, pipelines with their stages, lost reasons."""

from django.urls import path

from ..views import pipelines, prices

app_name = "salesdesk"

urlpatterns = [
    path("price-lists/", prices.PriceListList.as_view(), name="price_list_list"),
    path("price-lists/new/", prices.PriceListCreate.as_view(), name="price_list_create"),
    path("price-lists/<int:pk>/", prices.PriceListUpdate.as_view(), name="price_list_update"),
    path("list-prices/new/", prices.ListPriceCreate.as_view(), name="list_price_create"),
    path("list-prices/<int:pk>/", prices.ListPriceUpdate.as_view(), name="list_price_update"),
    path("list-prices/<int:pk>/remove/", prices.ListPriceRemove.as_view(), name="list_price_remove"),
    path("pipelines/", pipelines.PipelineList.as_view(), name="pipeline_list"),
    path("pipelines/new/", pipelines.PipelineCreate.as_view(), name="pipeline_create"),
    path("pipelines/<int:pk>/", pipelines.StageList.as_view(), name="stage_list"),
    path("pipelines/<int:pk>/edit/", pipelines.PipelineUpdate.as_view(), name="pipeline_update"),
    path("pipelines/<int:pipeline>/stages/new/", pipelines.StageCreate.as_view(), name="stage_create"),
    path("stages/<int:pk>/", pipelines.StageUpdate.as_view(), name="stage_update"),
    path("stages/<int:pk>/move/", pipelines.StageMove.as_view(), name="stage_move"),
    path("stages/<int:pk>/close/", pipelines.StageClose.as_view(), name="stage_close"),
    path("stages/<int:pk>/reopen/", pipelines.StageReopen.as_view(), name="stage_reopen"),
    path("lost-reasons/", pipelines.LostReasonList.as_view(), name="lost_reason_list"),
    path("lost-reasons/new/", pipelines.LostReasonCreate.as_view(), name="lost_reason_create"),
    path("lost-reasons/<int:pk>/", pipelines.LostReasonUpdate.as_view(), name="lost_reason_update"),
]
