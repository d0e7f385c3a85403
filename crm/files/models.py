"""Contents stored once, the places where they hang, and uploads waiting for their form."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core import clock, sockets
from crm.core.models import BaseModel, DeletableModel, live_manager
from crm.core.querysets import BaseQuerySet
from crm.core.tokens import new_token

from .choices import Visibility
from .sniffing import PICTURES

NAME_LIMIT = 150


class Blob(BaseModel):
    """A content, stored once however often it is attached.

    media_type is what the bytes say, never what a browser claimed. storage_name is where the
    default storage keeps it: a random name without extension.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    storage_name = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("stored content")
        verbose_name_plural = _("stored contents")

    def __str__(self) -> str:
        return self.sha256[:12]


class AttachmentQuerySet(BaseQuerySet):
    """Files have no rights of their own: `selectors.open_attachment` asks the record they hang on."""

    def on(self, kind: str, *object_ids: int) -> Self:
        """The files of these records of one kind, oldest first."""
        return self.filter(kind=sockets.kinds[kind].code, object_id__in=object_ids).order_by("pk")

    def public(self) -> Self:
        return self.filter(visibility=Visibility.PUBLIC)


class Attachment(BaseModel, DeletableModel):
    """A named file on a record. kind is the registry's stored number; uid stands in addresses."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="attachments")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    created_by_kind = models.SmallIntegerField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=200)

    objects = live_manager(AttachmentQuerySet)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        base_manager_name = "all_objects"
        indexes = [models.Index(fields=["kind", "object_id"], name="attachment_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The address for staff; a customer gets `signing.signed_url`."""
        return reverse("files:attachment_download", args=[self.uid, self.name])

    @property
    def preview_url(self) -> str:
        """The address of the re-encoded picture, "" for other files."""
        return reverse("files:attachment_preview", args=[self.uid]) if self.is_picture else ""

    @property
    def is_picture(self) -> bool:
        return self.blob.media_type in PICTURES

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def kind_key(self) -> str:
        """The owner's kind, such as "ticket"; "" when its app is gone."""
        entry = sockets.kinds.by_code(self.kind)
        return entry.key if entry else ""


class UploadQuerySet(BaseQuerySet):
    def staged(self, form_key: str) -> Self:
        """What a form has uploaded and not yet sent."""
        return self.filter(form_key=form_key, claimed_at__isnull=True).order_by("pk")

    def gathered(self, prefix: str, tokens: Collection[str]) -> Self:
        """What came one by one under keys that begin like this, and was not sent yet."""
        return self.filter(form_key__startswith=prefix, token__in=tokens, claimed_at__isnull=True)

    def visible_to_form(self, form_key: str, tokens: list[str]) -> Self:
        """The uploads a form may claim: it must know its key and each token."""
        return self.filter(form_key=form_key, token__in=tokens).order_by("pk")


class Upload(BaseModel):
    """A file that arrived before its form. form_key is the secret of one rendering of one form."""

    form_key = models.CharField(max_length=64)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=NAME_LIMIT)
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [
            models.Index(fields=["form_key"], name="upload_form"),
            models.Index(fields=["created_at"], name="upload_created"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        return self.blob.size

    def claim(self, attachment: Attachment) -> None:
        """Marks the upload as hanging on a record; a repetition finds the attachment here."""
        self.attachment, self.claimed_at = attachment, clock.now()
        self.save(update_fields=["attachment", "claimed_at"])
