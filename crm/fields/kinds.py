from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        51,
        "custom_field",
        "fields.CustomField",
        _("Custom field"),
        _("Custom fields"),
        "forms",
        "console:custom_field_update",
    ),
    Kind(52, "tag", "fields.Tag", _("Tag"), _("Tags"), "tag", "console:tag_update"),
)
