from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "payments.view"

activity_types.register(
    ActivityType(1730, "payments.received", _("Payment received"),
                 _("%(actor)s recorded the payment %(number)s on %(contract)s: %(amount)s"), "payment", "success",
                 _SEE),
    ActivityType(1731, "payments.credit_used", _("Credit used"),
                 _("%(actor)s put %(used)s of the payment %(number)s on %(contract)s"), "payment", "info", _SEE),
    ActivityType(1732, "payments.refunded", _("Payment refunded"),
                 _("%(actor)s gave back %(amount)s on %(contract)s"), "undo", "warning", _SEE, card=True),
    ActivityType(1733, "payments.reversed", _("Payment reversed"),
                 _("%(actor)s reversed a payment of %(amount)s on %(contract)s"), "undo", "danger", _SEE, card=True),
    ActivityType(1734, "payments.overdue", _("Payment overdue"),
                 _("%(customer)s owes %(amount)s on %(number)s, %(days)s days overdue"), "clock", "danger", _SEE),
    ActivityType(1735, "payments.reminded", _("Payment reminder"),
                 _("%(actor)s reminded %(to)s of %(amount)s on %(number)s"), "send", "warning", _SEE, card=True),
    ActivityType(1736, "payments.settings_changed", _("Payment settings changed"),
                 _("%(actor)s changed the payment settings"), "settings", "neutral", "payments.manage"),
)  # fmt: skip
