"""The pictures that blocks may show: those on the record that holds the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.files.actions import attach_file
from crm.files.checks import check_file
from crm.files.choices import Visibility
from crm.files.models import Attachment
from crm.files.sniffing import PICTURES

_NO_PICTURE = gettext_lazy("“%(name)s” is no picture. Choose a PNG, JPEG, GIF or WebP file.")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pictures of one record. kind: its Kind key. They are as public as that kind's `AttachmentOwner` says."""

    kind: str
    object_id: int

    def pictures(self) -> dict[str, str]:
        """uid → name, oldest first."""
        rows = Attachment.objects.on(self.kind, self.object_id).filter(blob__media_type__in=PICTURES)
        return {str(uid): name for uid, name in rows.values_list("uid", "name")}

    def add(self, actor: Actor, file: Any) -> str:
        """Puts a picture on the record. Raises `ValidationError` for any other file."""
        try:
            if check_file(file.name, file).media_type not in PICTURES:
                raise ValidationError(_NO_PICTURE, params={"name": file.name})
            file.seek(0)
            kept = attach_file(
                actor=actor, kind=self.kind, object_id=self.object_id, name=file.name, file=file,
                visibility=Visibility.PUBLIC,
            )  # fmt: skip
        except DomainError as error:
            raise ValidationError(str(error)) from None
        return str(kept.uid)
