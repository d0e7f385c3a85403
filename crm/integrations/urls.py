from django.urls import path

from .views import tokens, webhooks

app_name = "integrations"

urlpatterns = [
    path("settings/api-tokens/", tokens.TokenList.as_view(), name="token_list"),
    path("settings/api-tokens/new/", tokens.TokenCreate.as_view(), name="token_create"),
    path("settings/api-tokens/applications/new/", tokens.ApplicationCreate.as_view(), name="application_create"),
    path("settings/api-tokens/<int:pk>/", tokens.TokenDetail.as_view(), name="token_detail"),
    path("settings/api-tokens/<int:pk>/revoke/", tokens.TokenRevoke.as_view(), name="token_revoke"),
    path("settings/webhooks/", webhooks.WebhookList.as_view(), name="webhook_list"),
    path("settings/webhooks/new/", webhooks.WebhookCreate.as_view(), name="webhook_create"),
    path("settings/webhooks/deliveries/", webhooks.DeliveryList.as_view(), name="delivery_list"),
    path("settings/webhooks/deliveries/<int:pk>/", webhooks.DeliveryDetail.as_view(), name="delivery_detail"),
    path("settings/webhooks/deliveries/<int:pk>/again/", webhooks.DeliveryAgain.as_view(), name="delivery_again"),
    path("settings/webhooks/<int:pk>/", webhooks.WebhookDetail.as_view(), name="webhook_detail"),
    path("settings/webhooks/<int:pk>/edit/", webhooks.WebhookUpdate.as_view(), name="webhook_update"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("settings/webhooks/<int:pk>/test/", webhooks.WebhookTest.as_view(), name="webhook_test"),
    path("settings/webhooks/<int:pk>/delete/", webhooks.WebhookDelete.as_view(), name="webhook_delete"),
]
