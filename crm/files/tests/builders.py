"""Files for tests, and states made by calling actions."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from crm.core.actor import Actor
from crm.files.actions import attach_file, stage_upload
from crm.files.models import Attachment, Upload

FORM_KEY = "form-key-0123456789"
GUEST = Actor.guest()


def stage(content: bytes = b"hello", name: str = "notes.txt", form_key: str = FORM_KEY) -> Upload:
    return stage_upload(actor=GUEST, form_key=form_key, name=name, file=ContentFile(content, name=name))


def attach(owner: Any, content: bytes = b"hello", name: str = "notes.txt", visibility: str = "internal") -> Attachment:
    file = ContentFile(content, name=name)
    return attach_file(actor=GUEST, kind="user", object_id=owner.pk, name=name, file=file, visibility=visibility)


def picture(width: int = 40, height: int = 20, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind, **options)
    return out.getvalue()
