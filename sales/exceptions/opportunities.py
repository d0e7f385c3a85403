"""What may stand in the way of a deal."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, NotReady


class OpportunityIsClosed(NotReady):
    default = _("This opportunity is won or lost. Reopen it first.")


class OpportunityIsOpen(NotReady):
    default = _("This opportunity is open already.")


class MovedMeanwhile(Conflict):
    default = _("A colleague moved this opportunity meanwhile. Look at where it stands and try again.")


class InUse(NotReady):
    default = _("Quotes, contracts or other records belong to this opportunity. Mark it as lost instead.")
