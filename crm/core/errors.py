"""The one family of expected errors. The middleware turns each into a page, a fragment or JSON."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something the person can understand and act on.

    message: a translated sentence that says what to do. fields: form field → message.
    status: the HTTP status the middleware answers with. code: stable, for machines.
    """

    status = 400
    code = "invalid"
    default = _("This cannot be done. Check the values and try again.")

    def __init__(self, message: object = None, *, fields: Mapping[str, object] | None = None):
        self.message = message or self.default
        self.fields = dict(fields or {})
        super().__init__(str(self.message))

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """The input breaks a rule; `fields` says where."""

    status = 422


class NotFound(DomainError):
    """The record does not exist or is outside the actor's set; the two look the same."""

    status = 404
    code = "not_found"
    default = _("This record does not exist, or it is not in your data scope.")


class NotAllowed(DomainError):
    """The actor lacks a permission; `permission` names it."""

    status = 403
    code = "not_allowed"
    default = _("You do not have the permission for this.")

    def __init__(self, permission: str, message: object = None):
        self.permission = permission
        super().__init__(message)


class Conflict(DomainError):
    """Somebody else changed the record, or the same key came with other content."""

    status = 409
    code = "conflict"
    default = _("Somebody else changed this meanwhile. Look at the new state and try again.")


class NotReady(DomainError):
    """The record's state does not admit the verb, such as rating an open ticket."""

    status = 409
    code = "not_ready"


class TooMany(DomainError):
    """A limit was passed; `retry_after_seconds` says when to come back."""

    status = 429
    code = "too_many"
    default = _("Too many attempts. Wait a little and try again.")

    def __init__(self, message: object = None, *, retry_after_seconds: int = 60):
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)
