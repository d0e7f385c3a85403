from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

notification_kinds.register(
    NotificationKind(
        "console.mail_waits",
        _("Incoming mail waits for a decision"),
        _("Mail"),
        "messaging.handle_mail",
        _("A mail from %(sender)s waits for a decision: %(subject)s"),
        mail=True,
        mail_if_away=True,
        order=200,
    ),
)
