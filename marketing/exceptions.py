"""What marketing refuses, in sentences that say what to do."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotReady


class NotEditable(NotReady):
    default = _("This campaign is on its way or over. Only drafts change; take it off the schedule first.")


class WrongState(NotReady):
    default = _("The campaign is no longer in the state that this needs. Look at it again.")


class ChecksFail(NotReady):
    default = _("Something still stands in the way. Look at the checks.")


class StillSuppressed(NotReady):
    default = _("Mail to this address came back or was reported as spam. Write to us, so that we can put it right.")


class JourneyNotEditable(NotReady):
    default = _("This version of the journey is live or replaced and never changes. Begin a new version.")


class WrongJourneyState(NotReady):
    default = _("The journey is no longer in the state that this needs. Look at it again.")


class JourneyNotReady(NotReady):
    default = _("Something still stands in the way. Look at the checks.")


class WrongPageState(NotReady):
    default = _("The page is no longer in the state that this needs. Reload it and look again.")
