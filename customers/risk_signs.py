from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .figures.credit import NEARLY, POOR, near_limit, open_orders, over_limit, poor_report
from .figures.signs import CustomerSum, RiskSign, risk_signs, sums

_ORDERS = (
    "orders.placed", "orders.changed", "orders.shipped", "orders.parcel_moved", "orders.refunded", "orders.cancelled",
    "orders.withdrawn",
)  # fmt: skip
_CREDIT = ("customers.credit_set", "customers.credit_reported")

sums.register(
    CustomerSum("customers.orders", "owed", _("Open orders"), open_orders, watches=_ORDERS),
)
risk_signs.register(
    RiskSign(
        "customers.over_limit", _("Credit limit exceeded"),
        _("They owe more than was agreed: no more on credit before somebody looked at it."), 30,
        over_limit, lambda found: _t("%(used)s of the credit limit of %(limit)s are used") % found,
        watches=_CREDIT, order=10,
    ),
    RiskSign(
        "customers.near_limit", _("Credit limit nearly used"),
        format_lazy(_("From {percent} percent on. A hint before the next order, no alarm."), percent=NEARLY), 5,
        near_limit, lambda found: _t("%(used)s of the credit limit of %(limit)s are used") % found,
        watches=_CREDIT, order=11,
    ),
    RiskSign(
        "customers.poor_report", _("Poor credit report"),
        format_lazy(_("An agency gives them fewer than {score} of 100 points."), score=POOR), 30,
        poor_report, lambda found: _t("%(source)s gives %(score)s of 100 points") % found,
        permission="customers.credit", watches=_CREDIT, order=12,
    ),
)  # fmt: skip
