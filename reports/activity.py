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
activity_types.register(
    ActivityType(1850, "reports.dashboard_shared", _("Shared a dashboard"),
                 _("%(actor)s shared the dashboard “%(dashboard)s”"), icon="share", permission="reports.view"),
    ActivityType(1851, "reports.dashboard_deleted", _("Deleted a shared dashboard"),
                 _("%(actor)s deleted the dashboard “%(dashboard)s”"), icon="delete", permission="reports.view"),
    ActivityType(1852, "reports.mail_scheduled", _("Set up a report by mail"),
                 _("%(actor)s set up “%(report)s” by mail for %(readers)s readers"), icon="mail",
                 permission="reports.view"),
    ActivityType(1853, "reports.mail_deleted", _("Deleted a report by mail"),
                 _("%(actor)s deleted “%(report)s” by mail"), icon="delete", permission="reports.view"),
    ActivityType(1854, "reports.mail_stopped", _("Stopped a report by mail"),
                 _("%(actor)s stopped “%(report)s” by mail for themselves"), icon="stop", permission="reports.view"),
    ActivityType(1855, "reports.mail_resumed", _("Gets a report by mail again"),
                 _("%(actor)s gets “%(report)s” by mail again"), icon="play", permission="reports.view"),
    ActivityType(315, "reports.targets_set", _("Service targets set"),
                 _("%(actor)s set targets of the service: %(figures)s"), icon="gauge", permission="reports.view_board"),
)  # fmt: skip
