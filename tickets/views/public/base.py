"""What every public page shares: no sign-in, the customer's language and zone, and files of a form."""

from __future__ import annotations

import hashlib
import re
import zoneinfo
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.files.actions import stage_upload
from crm.files.checks import MAX_FILES
from crm.files.models import Upload
from crm.files.naming import clean_name
from crm.ui.views.public import PublicView

from ...exceptions import LinkInvalid
from ...models import Ticket

#: What a secret in an address or a form may look like; anything else never reaches the database.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


class PublicPage(PublicView):
    """A page of the help centre. A wrong link says what to do."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not _TOKEN.fullmatch(kwargs.get("token", "-")):
                raise LinkInvalid
            return super().dispatch(request, *args, **kwargs)
        except LinkInvalid as error:
            return render(request, "tickets/public/link_invalid.html", {"message": str(error)}, status=404)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template with this context and the limits of files."""
        limits = {"upload_max_bytes": settings.UPLOAD_MAX_BYTES, "upload_max_files": MAX_FILES}
        return super().page(status=status, **{**limits, **context})


class TokenPage(PublicPage):
    """A page behind a secret address: kept by no cache, listed by no search engine, told to no other site.

    `Referrer-Policy: no-referrer` would make browsers send `Origin: null` with the page's own forms, which the
    CSRF check refuses; `same-origin` tells other sites just as little.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        response["Content-Language"] = request.ui.html_lang  # type: ignore[attr-defined]
        return response

    def speak_to(self, ticket: Ticket) -> None:
        """The ticket's language, unless the reader chose one here, and the customer's time zone."""
        ui = self.request.ui  # type: ignore[attr-defined]
        zone = ticket.timezone
        language = ui.language if settings.LANGUAGE_COOKIE_NAME in self.request.COOKIES else ticket.language
        translation.activate(language)
        timezone.activate(zoneinfo.ZoneInfo(zone))
        self.request.ui = replace(ui, language=language, timezone=zone)  # type: ignore[attr-defined]


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
    tokens = [token for token in tokens if _TOKEN.fullmatch(token)]
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
