"""What may stand in the way of a quote."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotReady


class QuoteIsFixed(NotReady):
    default = _("This quote cannot be changed any more. Make a new version of it.")


class QuoteInApproval(NotReady):
    default = _("This quote waits for approval. Withdraw the request to change it.")


class NotReadyToSend(NotReady):
    default = _("This quote has to be approved before it can be sent. Submit it first.")


class QuoteNotOpen(Conflict):
    default = _("This quote is no longer open. Please ask us for the present one.")


class QuoteChanged(Conflict):
    default = _("This page shows an older state of the quote. Reload it and read it again.")


class ChangedMeanwhile(Conflict):
    """A quote or contract was saved after the editor was opened."""

    default = _(
        "Somebody else saved this while you were editing it. What you typed stands below and is not saved yet: compare"
        " it with the present state, then save again to put yours in its place."
    )


class NoLines(Invalid):
    default = _("Add at least one line first.")
