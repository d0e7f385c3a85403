from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

notification_kinds.register(
    NotificationKind(
        "integrations.webhook_paused",
        _("A webhook was switched off"),
        _("Integrations"),
        "integrations.manage",
        _("The webhook “%(name)s” was switched off: %(reason)s"),
        mail=True,
        order=210,
    ),
)
