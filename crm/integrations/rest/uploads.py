"""Files in and out: they come one by one, are named by token in the call that uses them, and leave by their id."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.files.actions import gather_uploads, stage_upload
from crm.files.models import Attachment
from crm.files.selectors import open_attachment
from crm.files.serving import download

from .describing_files import DescribedFile
from .fields import Out
from .parsing import TooLarge
from .views import ApiView

#: What a body holds beside the file.
_ROOM = 10_000
#: Column under which `with_files` puts what hangs on a row.
FILES = "api_files"


class UploadOut(Out):
    """A file that waits for the call that uses it, for a day."""

    token = serializers.CharField(help_text=gettext_lazy("Send it in “uploads” of a ticket, a reply or a note."))
    name = serializers.CharField()
    size = serializers.IntegerField(help_text=gettext_lazy("Bytes."))


class FileOut(Out):
    """A file on a record."""

    id = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text=gettext_lazy("Bytes."))
    media_type = serializers.CharField()
    is_public = serializers.BooleanField(help_text=gettext_lazy("Whether customers see it."))
    url = serializers.SerializerMethodField(help_text=gettext_lazy("Where it is read, with the same token."))

    def get_url(self, file: dict[str, Any]) -> str:
        return f"{settings.BASE_URL}{reverse('api:attachment_detail', args=[file['id']])}"


class Uploads(ApiView):
    """POST uploads/: multipart with one `file`."""

    kind, path = "upload", "uploads"
    parser_classes = (MultiPartParser,)
    schema = DescribedFile()
    gives = UploadOut

    def check_size(self, request: Any) -> None:
        text = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.UPLOAD_MAX_BYTES + _ROOM
        if not text.isdigit() or int(text[:12]) > most:
            raise TooLarge(_("Send at most %(limit)s bytes.") % {"limit": f"{most:,}"})

    def create(self, request: Any, **kwargs: Any) -> Response:
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": [_("Choose a file first.")]})

        def run() -> Response:
            upload = stage_upload(actor=self.actor, form_key=_key(self.actor), name=file.name or "", file=file)
            return Response(UploadOut(upload, context={"actor": self.actor}).data, status=201)

        return self.once(run, {"name": file.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()})


class Attachments(ApiView):
    """GET attachments/<id>/: the file's bytes, for who may see the record it hangs on."""

    kind, path = "attachment", "attachments"
    schema = DescribedFile()
    gives = None

    def retrieve(self, request: Any, uid: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        return download(request, open_attachment(self.actor, uid))


class UploadsField(serializers.ListField):
    """Tokens of uploads that the call attaches."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", gettext_lazy("Tokens that POST uploads/ gave."))
        super().__init__(child=serializers.CharField(max_length=40), **kwargs)


def form_key_for(actor: Actor, tokens: Sequence[str]) -> str:
    """A form's key for a call, which has none: it claims these uploads. Repetitions are told by Idempotency-Key.

    Raises `Invalid` under "uploads" for one that is not there, or too much of them.
    """
    key = _key(actor)
    if tokens:
        gather_uploads(actor=actor, tokens=tokens, prefix=_prefix(actor), form_key=key)
    return key


def with_files(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Rows with what hangs on each, in the same query."""
    files = Attachment.objects.filter(kind=kinds[kind].code, object_id=OuterRef("pk")).order_by("pk")
    shown = JSONObject(id="uid", name="name", size="blob__size", media_type="blob__media_type", visibility="visibility")
    return rows.annotate(**{FILES: ArraySubquery(files.values(json=shown), output_field=ArrayField(JSONField()))})


def files_of(row: Any) -> list[dict[str, Any]]:
    """What `with_files` found, as `FileOut` takes it."""
    return [{**file, "is_public": file["visibility"] == "public"} for file in getattr(row, FILES)]


def _prefix(actor: Actor) -> str:
    return f"api-{actor.user_id}-"


def _key(actor: Actor) -> str:
    return f"{_prefix(actor)}{uuid.uuid4()}"
