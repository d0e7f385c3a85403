"""Deeds around the doors to other systems. Codes 1100 to 1149."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

AUDIT = "console.view_audit"

activity_types.register(
    ActivityType(1100, "integrations.token_made", _("API token made"),
                 _("%(actor)s made the API token “%(name)s” for %(user)s"), "key", permission=AUDIT),
    ActivityType(1101, "integrations.token_revoked", _("API token revoked"),
                 _("%(actor)s revoked the API token “%(name)s” of %(user)s"), "key", "warning", AUDIT),
    ActivityType(1102, "integrations.application_made", _("Application added"),
                 _("%(actor)s added the application “%(user)s” with the role %(role)s"), "api", permission=AUDIT),
    ActivityType(1110, "integrations.webhook_saved", _("Webhook saved"),
                 _("%(actor)s saved the webhook “%(name)s”"), "webhook", permission=AUDIT),
    ActivityType(1111, "integrations.webhook_deleted", _("Webhook deleted"),
                 _("%(actor)s deleted the webhook “%(name)s”"), "webhook", "warning", AUDIT),
    ActivityType(1112, "integrations.webhook_paused", _("Webhook switched off by itself"),
                 _("The webhook “%(name)s” was switched off: %(reason)s"), "webhook", "danger", AUDIT),
    ActivityType(1113, "integrations.webhook_tested", _("Test event sent"),
                 _("%(actor)s sent a test to the webhook “%(name)s”"), "webhook", permission=AUDIT),
    ActivityType(1114, "integrations.webhook_secret_changed", _("Webhook secret changed"),
                 _("%(actor)s made a new secret for the webhook “%(name)s”"), "key", "warning", AUDIT),
)  # fmt: skip
