"""What may be uploaded. Every refusal names the file and says why."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from crm.core.errors import Invalid

from .naming import REFUSED_EXTENSIONS, clean_name, extension_of
from .sniffing import PROGRAM, media_type_of

MAX_FILES = 10
MAX_TOTAL_BYTES = 50 * 1024 * 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its safe name and what its bytes say it is."""

    name: str
    media_type: str


def check_file(name: str, file: File) -> Checked:
    """Raises `Invalid` for an empty, oversized or runnable file."""
    safe = clean_name(name)
    if not file.size:
        raise Invalid(_("“%(name)s” is empty. Choose another file.") % {"name": safe})
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // _MEGABYTE
        raise Invalid(_("“%(name)s” must be smaller than %(limit)s MB.") % {"name": safe, "limit": limit})
    media_type = media_type_of(file)
    if media_type == PROGRAM or extension_of(safe) in REFUSED_EXTENSIONS:
        raise Invalid(_("“%(name)s” is a program, and programs cannot be attached.") % {"name": safe})
    return Checked(safe, media_type)


def check_total(name: str, sizes: list[int], size: int) -> None:
    """Raises `Invalid` when one more file would pass what a form may carry. sizes: bytes of those it has."""
    if len(sizes) >= MAX_FILES:
        raise Invalid(
            _("“%(name)s” was not added: you can attach up to %(count)s files.") % {"name": name, "count": MAX_FILES}
        )
    if sum(sizes) + size > MAX_TOTAL_BYTES:
        limit = MAX_TOTAL_BYTES // _MEGABYTE
        raise Invalid(
            _("“%(name)s” was not added: the files together must be smaller than %(limit)s MB.")
            % {"name": name, "limit": limit}
        )
