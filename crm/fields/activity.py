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
    ActivityType(522, "fields.tagged", _("Tagged"), _("%(actor)s put on the tag %(tag)s"), "tag"),
    ActivityType(523, "fields.untagged", _("Tag removed"), _("%(actor)s took off the tag %(tag)s"), "tag"),
    ActivityType(
        524, "fields.tag_changed", _("Tag changed"), _("%(actor)s changed the tag %(tag)s"), "tag",
        permission="fields.manage",
    ),
    ActivityType(
        525, "fields.tags_merged", _("Tags merged"), _("%(actor)s merged the tag %(other)s into %(tag)s"), "tag",
        permission="fields.manage",
    ),
)  # fmt: skip
