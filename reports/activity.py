from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        1700,
        "reports.exported",
        _("Exported figures"),
        _("%(actor)s exported %(rows)s rows of “%(card)s”"),
        icon="export",
        permission="reports.view_board",
        lane="bulk",
    )
)
