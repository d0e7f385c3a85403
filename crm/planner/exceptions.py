from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotReady


class MeetingIsClosed(NotReady):
    """A meeting that was called off, or whose outcome is noted, does not change."""

    default = _("This meeting is closed. Plan a new one instead.")


class TaskIsDone(NotReady):
    """A finished task does not change."""

    default = _("This task is done. Reopen it to change it.")


class ProposalIsOver(NotReady):
    """A proposed time that was answered, or has passed, cannot be answered again."""

    default = _("This proposal is over: it was answered already, the meeting moved, or the time has passed.")
