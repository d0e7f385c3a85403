from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(110, "api_token", "integrations.ApiToken", _("API token"), _("API tokens"), "key",
         "integrations:token_detail"),
    Kind(111, "webhook", "integrations.Webhook", _("Webhook"), _("Webhooks"), "webhook",
         "integrations:webhook_detail"),
    Kind(112, "webhook_delivery", "integrations.WebhookDelivery", _("Webhook delivery"), _("Webhook deliveries"),
         "webhook", "integrations:delivery_detail"),
)  # fmt: skip
