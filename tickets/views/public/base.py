"""What every public page shares: no sign-in, the customer's language and zone, and files of a form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.files.actions import stage_upload
from crm.files.checks import MAX_FILES
from crm.files.models import Upload
from crm.files.naming import clean_name
from crm.ui.views.public import TOKEN, PublicView, SecretAddress

from ...exceptions import LinkInvalid
from ...models import Ticket


class PublicPage(PublicView):
    """A page of the help centre. A wrong link says what to do."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not TOKEN.fullmatch(kwargs.get("token", "-")):
                raise LinkInvalid
            return super().dispatch(request, *args, **kwargs)
        except LinkInvalid as error:
            return render(request, "tickets/public/link_invalid.html", {"message": str(error)}, status=404)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template with this context and the limits of files."""
        limits = {"upload_max_bytes": settings.UPLOAD_MAX_BYTES, "upload_max_files": MAX_FILES}
        return super().page(status=status, **{**limits, **context})


class TokenPage(SecretAddress, PublicPage):
    """A page of the help centre behind a secret address."""

    def speak_to(self, ticket: Ticket) -> None:
        """The ticket's language, unless the reader chose one here, and the customer's time zone."""
        self.speak(ticket.language, ticket.timezone)


@dataclass(slots=True)
class FormFiles:
    """The files of a form: those taken, in order, and what was wrong with the others."""

    uploads: list[Upload] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def tokens(self) -> list[str]:
        return [upload.token for upload in self.uploads]


def files_of(
    request: HttpRequest, form_key: str, *, field: str = "attachments", sent: str = "upload_tokens"
) -> FormFiles:
    """What was uploaded before the form was sent, and the files that came with it where no script ran.

    field: the name of the file input; sent: of the hidden fields with tokens. Files that came along are kept at once,
    so that they survive an error elsewhere; a repeated file is kept once.
    """
    tokens = [token for token in request.POST.getlist(sent) if token != request.POST.get("remove")]
    tokens = [token for token in tokens if TOKEN.fullmatch(token)]
    known = {row.token: row for row in Upload.objects.visible_to_form(form_key, tokens).select_related("blob")}
    found = FormFiles([known[token] for token in dict.fromkeys(tokens) if token in known])
    if len(known) < len(set(tokens)):
        found.problems.append(_("A file is no longer there. Attach it again."))
    for file in request.FILES.getlist(field):
        try:
            upload = _staged(form_key, file)
        except Invalid as error:
            found.problems.append(str(error))
        else:
            if upload not in found.uploads:
                found.uploads.append(upload)
    return found


def _staged(form_key: str, file: UploadedFile) -> Upload:
    """The first upload of these bytes under this name, so that a form sent twice is the same form."""
    name, digest = file.name or "", hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    same = Upload.objects.filter(form_key=form_key, blob__sha256=digest.hexdigest(), name=clean_name(name))
    if not same.exists():
        stage_upload(actor=Actor.guest(), form_key=form_key, name=name, file=file)
    return same.select_related("blob").order_by("pk")[0]
