"""What business time can refuse."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError


class NoOpeningHours(DomainError):
    """The calendar never opens again from the moment that was asked about."""

    status = 422
    code = "no_opening_hours"
    default = _("This calendar has no opening hours ahead. Give it opening hours, then try again.")


class OutOfReach(DomainError):
    """The moment lies outside the years that calendars know (1900 to 2200)."""

    status = 422
    code = "out_of_reach"
    default = _("This moment is too far away for a calendar. Choose a closer date or a shorter time.")


class StillPaused(DomainError):
    """The time is paused without an end, so the moment asked for is not known."""

    status = 409
    code = "still_paused"
    default = _("The clock is paused, so it has no deadline now. Resume it first.")
