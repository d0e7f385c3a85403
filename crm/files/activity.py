from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        500,
        "files.removed",
        _("File removed"),
        _("%(actor)s removed the file “%(file)s”"),
        icon="delete",
        tone="warning",
    )
)
