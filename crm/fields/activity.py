from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        520,
        "fields.created",
        _("Custom field created"),
        _("%(actor)s created the custom field %(name)s"),
        "forms",
        permission="fields.manage",
    ),
    ActivityType(
        521,
        "fields.updated",
        _("Custom field changed"),
        _("%(actor)s changed the custom field %(name)s"),
        "forms",
        permission="fields.manage",
    ),
)
