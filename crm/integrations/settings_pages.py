from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "api_tokens",
        "integrations",
        _("API tokens"),
        _("Keys with which other programs read and change records; each can be ended at once."),
        "key",
        "integrations:token_list",
        "integrations.own_tokens",
        10,
        _("rest api key bearer application service account openapi developer"),
    ),
    SettingsPage(
        "webhooks",
        "integrations",
        _("Webhooks"),
        _("Addresses of other systems that are told what happens, signed and in order."),
        "webhook",
        "integrations:webhook_list",
        "integrations.manage",
        20,
        _("http callback event signature hmac push"),
    ),
    SettingsPage(
        "webhook_deliveries",
        "integrations",
        _("Webhook deliveries"),
        _("Every event that was sent, what the other system answered, and what is tried again."),
        "send",
        "integrations:delivery_list",
        "integrations.manage",
        30,
        _("log retry failed redeliver dead"),
    ),
)
