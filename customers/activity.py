from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        1300, "customers.created", _("Customer created"), _("%(actor)s created the customer %(name)s"),
        "building", "info", "customers.view",
    ),
    ActivityType(
        1301, "customers.updated", _("Customer changed"), _("%(actor)s changed %(fields)s"),
        "edit", "neutral", "customers.view",
    ),
    ActivityType(
        1302, "customers.deleted", _("Customer deleted"), _("%(actor)s moved the customer %(name)s to the recycle bin"),
        "trash", "danger", "customers.view",
    ),
    ActivityType(
        1310, "customers.restored", _("Customer restored"),
        _("%(actor)s took the customer %(name)s out of the recycle bin"), "restore", "success", "customers.view",
    ),
    ActivityType(
        1311, "customers.erased", _("Customer deleted for good"),
        _("%(actor)s deleted the customer %(name)s for good"), "trash", "danger", "customers.view", lane="bulk",
    ),
    ActivityType(
        1303, "customers.contact_added", _("Contact added"), _("%(actor)s added the contact %(name)s"),
        "user-plus", "info", "customers.view",
    ),
    ActivityType(
        1304, "customers.contact_updated", _("Contact changed"), _("%(actor)s changed the contact %(name)s"),
        "user", "neutral", "customers.view",
    ),
    ActivityType(
        1305, "customers.identity_verified", _("Address verified"), _("%(address)s was verified"),
        "shield-check", "success", "customers.view",
    ),
    ActivityType(
        1307, "customers.noted", _("Note"), _("%(actor)s wrote a note"),
        "note", "neutral", "customers.view", card=True,
    ),
)  # fmt: skip
