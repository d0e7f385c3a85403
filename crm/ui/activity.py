from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        600,
        "ui.exported",
        _("Exported a list"),
        _("%(actor)s exported %(rows)s rows of %(list)s as %(format)s"),
        icon="export",
    ),
    ActivityType(
        601,
        "ui.view_shared",
        _("Shared a view"),
        _("%(actor)s shared the view “%(view)s” of %(list)s"),
        icon="filter",
    ),
    ActivityType(
        602,
        "ui.view_deleted",
        _("Deleted a shared view"),
        _("%(actor)s deleted the shared view “%(view)s” of %(list)s"),
        icon="delete",
    ),
    ActivityType(
        603,
        "ui.view_given",
        _("Gave a shared view to somebody else"),
        _("%(actor)s made %(to)s the owner of the shared view “%(view)s”"),
        icon="filter",
    ),
)
