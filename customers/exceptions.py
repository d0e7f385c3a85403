"""What can go wrong with customers, in words."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotReady


class IdentityTaken(Conflict):
    """Another contact already has this mail address or phone number."""

    default = _("Another contact already has this email address or phone number.")


class InUse(NotReady):
    default = _("Tickets or other records belong to this customer. Delete or move them first.")


class BadEmail(Invalid):
    default = _("Enter an email address in the form name@example.com")


class BadPhone(Invalid):
    default = _("Enter a phone number with its area or country code, such as 138 1234 5678 or +44 20 7946 0000")


class BadRegistrationCode(Invalid):
    default = _("Enter the 18 signs of the registration code; one of them does not fit the check sign")


class BadChatId(Invalid):
    default = _("Enter the id as the chat service shows it, without spaces, at most 100 signs")


class ExistsAlready(Conflict):
    default = _("This customer is here already.")


class CodeTaken(Conflict):
    default = _("Another customer already has this registration code.")


class Circle(Invalid):
    default = _("A company cannot be above itself. Choose another parent company")


class OrderIsOver(NotReady):
    default = _("The order is delivered or cancelled already.")


class RefundTooHigh(NotReady):
    default = _("More would be paid back than the order cost.")


class NotMergeable(NotReady):
    default = _("Your own company and colleagues cannot be merged with customers.")


class CannotUndo(Conflict):
    default = _("This can no longer be undone.")


class NotPickedByHand(NotReady):
    default = _("Its conditions decide who is in a dynamic segment. Change them, or make a static copy.")


class SegmentUsed(NotReady):
    default = _("This segment is in use. Take it out of what uses it first.")


class InACircle(Invalid):
    default = _("These conditions ask about the segment itself, directly or through another segment")


class CancelFirst(NotReady):
    default = _("This order counts in figures. Cancel it first; a cancelled order without refunds can be deleted.")


class RefundedStays(NotReady):
    default = _("Money was given back on this order. It stays in the books.")


class AskedAbout(NotReady):
    default = _("Requests are about it. Set it to retired instead, so that they keep what they are about.")


class UsedInDeals(NotReady):
    default = _("Orders, deals or devices name this product. Switch it off instead, so that they keep it.")


class NameTaken(Conflict):
    default = _("Another record has this number or code meanwhile. Change it there first.")
