"""What may stand in the way of a contract."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, NotReady


class ContractIsFixed(NotReady):
    default = _("This contract is signed or cancelled. Its lines and terms cannot be changed any more.")


class ContractInApproval(NotReady):
    default = _("This contract waits for approval. Withdraw the request to change it.")


class ContractNotReady(NotReady):
    default = _("This contract has to be submitted, and approved where a flow asks for it, before that.")


class StillOwed(NotReady):
    default = _("Not everything is paid yet. Record the payments first, or cancel the contract.")


class QuoteHasContract(Conflict):
    default = _("There is a contract of this quote already. Open it, or cancel it first.")


class QuoteNotAccepted(NotReady):
    default = _("Only an accepted quote becomes a contract or an order.")


class SignedStays(Conflict):
    default = _("A contract that was signed or paid on cannot be deleted. Cancel it instead: then it is owed no more.")
