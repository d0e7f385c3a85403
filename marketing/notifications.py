from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

notification_kinds.register(
    NotificationKind(
        "journeys.told", _("A journey tells you of a customer"), _("Marketing"), "customers.view",
        _("%(customer)s in “%(name)s”"), order=10,
    )
)  # fmt: skip
