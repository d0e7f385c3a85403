from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "notifications",
        _("Notifications"),
        "notification",
        "notifications:notification_list",
        keywords=_("bell, unread, mentions"),
        shortcut="g n",
        order=20,
    ),
    Command(
        "notifications.settings",
        _("Notification settings"),
        "preferences",
        "notifications:settings",
        keywords=_("mail, push, device, digest, quiet hours, mute"),
        order=21,
    ),
)
