"""Raw first: the bytes and their row are committed before anybody reads them. Accepted means stored."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from crm.core.actor import Actor
from crm.files.blobs import stored
from crm.files.models import Attachment

from ..actions.inbound import keep_mail
from ..models import InboundMail, Mailbox

#: Whatever the bytes look like, they are a mail, never a program or a picture.
MEDIA_TYPE = "message/rfc822"


def receive(raw: bytes, *, mailbox: Mailbox | None = None, uid: int | None = None) -> InboundMail:
    """Stores a mail and wakes a worker for it. The same bytes in the same mailbox give the row that exists.

    uid: its IMAP number. Raises `OSError` or a database error when it could not be stored: then the mail is not
    accepted, and whoever brought it must keep it.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    known = InboundMail.objects.filter(mailbox=mailbox, sha256=sha256).first()
    if known is not None:
        return known
    with stored(ContentFile(raw), MEDIA_TYPE) as content:
        return keep_mail(actor=Actor.system("incoming mail"), content=content, mailbox=mailbox, uid=uid)


def raw_of(mail: InboundMail) -> bytes:
    """The bytes as they came in. Raises `OSError` when the storage has lost them."""
    with default_storage.open(raw_file_of(mail).blob.storage_name) as file:
        return bytes(file.read())


def raw_file_of(mail: InboundMail) -> Attachment:
    """The attachment that holds them."""
    return Attachment.objects.on("inbound_mail", mail.pk).select_related("blob").get()  # type: ignore[no-any-return]
