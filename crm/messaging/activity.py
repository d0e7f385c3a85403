from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        700,
        "messaging.mail_failed",
        _("Mail not delivered"),
        _("A mail to %(to)s could not be delivered: %(error)s"),
        icon="error",
        tone="danger",
        lane="urgent",
    ),
    ActivityType(
        701,
        "messaging.mail_retried",
        _("Mail sent again"),
        _("%(actor)s had the mail to %(to)s sent again"),
        icon="refresh",
        permission="messaging.manage_mail",
    ),
    ActivityType(
        702,
        "messaging.mail_held",
        _("Mail held back"),
        _("%(actor)s held back the mail to %(to)s"),
        icon="pause",
        permission="messaging.manage_mail",
    ),
    ActivityType(
        703,
        "messaging.template_edited",
        _("Mail template edited"),
        _("%(actor)s edited the mail template “%(template)s”"),
        icon="edit",
        permission="messaging.manage_templates",
    ),
)
