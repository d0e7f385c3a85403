"""Short-lived addresses for customers, who have no session."""

from __future__ import annotations

from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from .models import Attachment

#: A page with such links is reloaded before they end; a copied link ends soon.
VALID_SECONDS = 3600
_SALT = "files.attachment"


def signed_url(attachment: Attachment) -> str:
    """A download address of a public file, good for an hour, for a page the customer proved to own."""
    return reverse("files:signed_download", args=[_signed(attachment), attachment.name])


def signed_preview_url(attachment: Attachment) -> str:
    """The same for the re-encoded picture; "" for other files."""
    return reverse("files:signed_preview", args=[_signed(attachment)]) if attachment.is_picture else ""


def uid_from(signed: str) -> UUID | None:
    """The file that a signed part names, None when the signature is wrong or older than an hour."""
    try:
        return UUID(hex=TimestampSigner(salt=_SALT).unsign(signed, max_age=VALID_SECONDS))
    except (BadSignature, ValueError):
        return None


def _signed(attachment: Attachment) -> str:
    return TimestampSigner(salt=_SALT).sign(attachment.uid.hex)
