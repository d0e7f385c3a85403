"""What may stand in the way of a plan or a payment."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotReady


class PlanDoesNotAddUp(Invalid):
    default = _("The instalments have to add up to the amount of the contract.")


class NothingOwed(NotReady):
    default = _("Payments are recorded once the contract is signed, and not after it is cancelled.")


class OtherCurrency(Invalid):
    default = _("A payment is recorded in the currency of its contract.")


class TooMuch(Invalid):
    default = _("This is more than is open.")


class NothingLeft(Conflict):
    default = _("This payment was taken back already.")


class PaidStays(Conflict):
    default = _("An instalment that was paid on stays in the plan, with at least what was paid.")
