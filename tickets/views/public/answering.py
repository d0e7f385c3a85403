"""The questions of a type on a public form: read from an address, from a fragment's request, from what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from crm.fields.choices import FieldType
from crm.fields.forms import PREFIX

from ...models import RequestTypeQuestion
from ...questions import PHOTOS, read_presets
from .base import FormFiles, files_of

#: Hidden inputs that say which answers stand fixed.
LOCKED = "locked"
_LONGEST = 5000


def from_address(questions: Iterable[RequestTypeQuestion], given: QueryDict) -> tuple[dict[str, Any], set[str]]:
    """(initial values by input name, keys that stand fixed) of an address: `?room=1204`, checked like typed answers.

    `custom_room=…`, as a fragment sends what is typed already, is taken as it is.
    """
    questions = list(questions)
    values, locked = read_presets(questions, given.dict())
    initial: dict[str, Any] = {PREFIX + key: value for key, value in values.items()}
    for row in questions:
        typed = [text[:_LONGEST] for text in given.getlist(PREFIX + row.field.key)]
        if typed and row.field.type != FieldType.PHOTO:
            initial[PREFIX + row.field.key] = typed if row.field.type == FieldType.MANY_CHOICE else typed[-1]
    asked = set(given.getlist(LOCKED)) & {row.field.key for row in questions if row.preset == "lock"}
    return initial, locked | {key for key in asked if PREFIX + key in initial}


def photos_of(request: HttpRequest, form_key: str, questions: Iterable[RequestTypeQuestion]) -> dict[str, FormFiles]:
    """The photos sent with the form, by field key."""
    found = {}
    for key in (row.field.key for row in questions if row.field.type == FieldType.PHOTO):
        files = found[key] = files_of(request, form_key, field=PREFIX + key, sent=PHOTOS + key)
        for upload in [upload for upload in files.uploads if not upload.blob.media_type.startswith("image/")]:
            files.uploads.remove(upload)
            files.problems.append(_("“%(name)s” is not a picture. Choose a photo.") % {"name": upload.name})
    return found


def with_photo_names(data: QueryDict, photos: Mapping[str, FormFiles]) -> QueryDict:
    """What was sent, with the names of the photos as the answers to their questions."""
    copy = data.copy()
    for key, files in photos.items():
        copy.setlist(PREFIX + key, [upload.name for upload in files.uploads])
    return copy
