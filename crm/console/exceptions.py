"""What the platform's verbs refuse."""

from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError, Invalid, NotReady


class AlreadyBegun(NotReady):
    """The product has its first administrator; somebody was quicker, or the form was sent twice."""

    code = "already_begun"
    default = _("This product has been set up already. Sign in, or ask its administrator for an invitation.")


class SwitchedOff(DomainError):
    """The address belongs to an app that the company does not use."""

    status = 404
    code = "switched_off"
    default = _("This part of the product is switched off. An administrator can switch it on in Settings, Apps.")


class BeyondOwnRights(Invalid):
    """Nobody hands out, or takes charge of, rights that they do not hold themselves."""

    status = 403
    code = "beyond_own_rights"
    default = _("You can only give rights that you hold yourself. Ask an administrator to do this.")


class LastAdministrator(NotReady):
    """At least one person who can sign in must be able to set up everything."""

    code = "last_administrator"
    default = _("This is the last administrator who can sign in. Make somebody else an administrator first.")


class OwnAccount(NotReady):
    """A deed against one's own account that would lock the door from outside."""

    code = "own_account"
    default = _("You cannot suspend your own account. Ask another administrator.")
