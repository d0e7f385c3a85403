"""Taking in a file before its form is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.files.base import File
from django.db import connection
from django.utils.translation import gettext as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..blobs import StoredBytes, blob_for, stored
from ..checks import check_file, check_total
from ..models import Upload

_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def stage_upload(*, actor: Actor, form_key: str, name: str, file: File) -> Upload:
    """Stores a file for the form with that key, which claims it by its token when it is sent.

    The bytes are written before the transaction of `keep_upload` opens. Raises `Invalid` with a
    sentence that names the file: empty, too large, a program, too many or too much in all.
    """
    if not _FORM_KEY.fullmatch(form_key):
        raise Invalid(_("The file could not be added. Reload the page and try again."))
    checked = check_file(name, file)
    with stored(file, checked.media_type) as content:
        return keep_upload(actor=actor, form_key=form_key, name=checked.name, content=content)


@action()
def keep_upload(*, actor: Actor, form_key: str, name: str, content: StoredBytes) -> Upload:
    """The row of a stored upload, within the limits of its form. Anybody may; nobody reads it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload:{form_key}"])
    staged = Upload.objects.staged(form_key).values_list("blob__size", flat=True)
    check_total(name, list(staged), content.size)
    return Upload.objects.create(form_key=form_key, blob=blob_for(content), name=name)


@action()
def gather_uploads(*, actor: Actor, tokens: Sequence[str], prefix: str, form_key: str) -> None:
    """Puts uploads that came one by one, each under a key of its own with that prefix, under the key of one form.

    Raises `Invalid` under "uploads" when one is not there or hangs on a record, or they are too much for a form.
    """
    wanted = set(tokens)
    rows = list(Upload.objects.gathered(prefix, wanted).lock())
    if len(rows) < len(wanted):
        raise Invalid(fields={"uploads": _("A file is no longer there. Attach it again.")})
    for number, row in enumerate(rows):
        check_total(row.name, [other.size for other in rows[:number]], row.size)
    Upload.objects.filter(pk__in=[row.pk for row in rows]).update(form_key=form_key)
