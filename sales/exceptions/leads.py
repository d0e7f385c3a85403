"""What can go wrong with leads and pools, in words."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotReady


class ClaimedAlready(Conflict):
    default = _("Somebody else claimed it a moment ago.")


class DailyLimitReached(NotReady):
    default = _("You have claimed as many today as this pool allows. Try again tomorrow.")


class PoolIsFull(NotReady):
    default = _("You hold as many of this pool as it allows. Convert, discard or return one first.")


class TooSoon(NotReady):
    default = _("You held this a short while ago. Others have the first right to it now.")


class NotInPool(NotReady):
    default = _("This lead is in no pool. Ask for it to be assigned to you.")


class LeadIsOver(NotReady):
    default = _("This lead is converted or discarded. Reopen it first.")


class ClaimFirst(NotReady):
    default = _("Claim this lead first, or have it assigned.")


class NotHeld(NotReady):
    default = _("Nobody holds this lead.")


class NeedsAddress(Invalid):
    default = _("Enter an email address, a phone number or a WeChat id, so that somebody can answer")


class FormClosed(NotReady):
    default = _("The contact form is closed.")
