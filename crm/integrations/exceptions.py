from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, DomainError, Invalid, NotReady


class NotSignedIn(DomainError):
    """No token, or one that does not work."""

    status = 401
    code = "not_signed_in"
    default = _("Send a valid token: Authorization: Bearer crm_…")


class BeyondOwnRights(DomainError):
    """A token, or the role of an application, that could do more than who makes it."""

    status = 403
    code = "beyond_own_rights"


class KeyReused(Conflict):
    code = "key_reused"
    default = _("This Idempotency-Key came with another body before. Use a new key for another request.")


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    default = _("The record has changed since you read it. Read it again, then send your change.")


class AddressNotAllowed(Invalid):
    code = "address_not_allowed"
    default = _("Enter a complete https address on the public internet.")


class IsPaused(NotReady):
    code = "is_paused"
    default = _("The webhook is switched off. Switch it on first.")
