"""What can go wrong with tickets, in words."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotReady


class AlreadyTaken(Conflict):
    default = _("Somebody else has taken this ticket.")


class MoveNotAllowed(NotReady):
    """The status does not lead to the one asked for."""

    default = _("This status cannot follow the present one.")


class PartsOpen(NotReady):
    """The ticket would be solved while departments still work on parts of it."""

    code = "parts_open"
    default = _("Other teams still work on %(numbers)s.")
    ask = _("Tick this to go on all the same, or finish the parts first")


class PartIsInternal(NotReady):
    """No word of a part reaches the customer."""

    default = _("This is a part among colleagues. Whoever holds the ticket itself answers the customer.")


class NoFurtherParts(NotReady):
    default = _("This is a part already. Hand it over, or ask for a further part on the ticket itself.")


class NotResolved(NotReady):
    default = _("The ticket can be rated once it is resolved.")


class SolvedAlready(NotReady):
    default = _("This ticket is already solved. Reopen it to work on it again.")


class NothingWritten(Invalid):
    default = _("Write the message first.")


class LinkInvalid(NotReady):
    """A customer's link that is wrong or no longer good."""

    status = 404
    code = "link_invalid"
    default = _("This link does not lead to a ticket. Use the link in our latest email to you.")


class AnsweredMeanwhile(Conflict):
    """Somebody wrote on the ticket after the composer was opened."""

    default = _("Somebody wrote on this ticket while you were typing. Read it, then send again.")


class NoStatus(NotReady):
    default = _("No active status has this meaning. Ask an administrator to add one under Settings, Statuses.")


class MacroStopped(NotReady):
    """A step of a macro cannot be done, so that none was."""


class SwitchedOff(NotReady):
    """A macro's step names a status, team or text that is no longer used."""

    default = _("What this step names is switched off. Change the macro under Settings, Macros.")


class SentAlready(NotReady):
    """The time to take a reply back is over."""

    default = _("This reply has already been sent and cannot be taken back.")


class HeldBack(Conflict):
    """The author's earlier reply waits for a decision."""

    default = _("Your earlier reply on this ticket is held. Send it or take it back first.")


class CannotMerge(NotReady):
    """These tickets cannot be joined; the sentence says why."""

    itself = _("Choose another ticket than this one.")
    chain = _("One of these tickets is merged already, or others are merged into it. Undo that merge first.")
    part = _("A part of a ticket cannot be merged. Finish it on its own page.")
    closed = _("Choose an open ticket to merge into.")
    brand = _("Tickets of different brands cannot be merged.")
    customer = _("The tickets belong to different customers. Confirm that they are about the same matter.")
    pending = _("A reply on the duplicate is about to go out. Wait for it, or take it back.")
    default = chain


class NotMerged(NotReady):
    default = _("This ticket is not merged any more.")


class IsMerged(NotReady):
    """Work goes on where the ticket was merged into."""

    default = _("This ticket is merged into another one. Go on there, or undo the merge first.")


class HasMerged(NotReady):
    default = _("Other tickets are merged into this one. Undo those merges first.")
