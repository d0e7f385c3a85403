"""What may stand in the way of an approval."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotAllowed, NotReady


class AlreadyAsked(NotReady):
    default = _("This is waiting for approval already. Withdraw the request first.")


class NotPending(Conflict):
    default = _("This approval is decided or withdrawn already.")


class ChangedMeanwhile(Conflict):
    default = _("The record was changed after approval was asked for. Reject this request, so that it is asked anew.")


class NoApprover(NotReady):
    default = _("Nobody may approve this. Ask an administrator to name an approver in the approval flow.")


class NotYourTurn(NotAllowed):
    default = _("It is not for you to decide this step.")

    def __init__(self) -> None:
        super().__init__("approvals.decide", self.default)


class ReasonNeeded(Invalid):
    def __init__(self, field: str = "comment") -> None:
        super().__init__(fields={field: _("Say why, so that the colleague knows what to change.")})
