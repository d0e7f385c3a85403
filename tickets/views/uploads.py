"""Files of a form, with and without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest

from crm.core.text import clean_line
from crm.files.actions import stage_upload
from crm.files.models import Upload


def posted_uploads(request: HttpRequest, form_key: str) -> list[str]:
    """Tokens of what was uploaded beforehand, and of files that came with the form itself.

    Raises `Invalid` naming the file that cannot be taken.
    """
    tokens = [cleaned for token in request.POST.getlist("uploads") if (cleaned := clean_line(token, 60))]
    for file in request.FILES.getlist("attachments"):
        upload = stage_upload(
            actor=request.actor,  # type: ignore[attr-defined]
            form_key=form_key,
            name=file.name or "",
            file=file,
        )
        tokens.append(upload.token)
    return tokens


def staged_uploads(form_key: str) -> list[Upload]:
    """Files of the form that hang on nothing yet: after an error the form shows them again."""
    return list(Upload.objects.filter(form_key=form_key, claimed_at__isnull=True).select_related("blob").order_by("pk"))
