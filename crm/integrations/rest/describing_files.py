"""How the addresses of files describe themselves: a form with a file in, bytes out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from .describing import MEDIA_TYPE, Described, Problem, refusals

FORM = "multipart/form-data"
BYTES = "application/octet-stream"


class DescribedFile(Described):
    """Of `Uploads` and `Attachments`, which hold no records."""

    @property
    def verb(self) -> Any:
        return None

    def get_tags(self) -> list[str]:
        return [_("Files")]

    def get_summary(self) -> str:
        return _("Send a file") if self.method == "POST" else _("Read a file")

    def get_description(self) -> str:
        if self.method == "POST":
            return _("One file a call. It waits a day for the call that attaches it.")
        return _("For who may see the record that it hangs on.")

    def get_request_serializer(self) -> Any:
        if self.method != "POST":
            return None
        file = {"type": "string", "format": "binary"}
        return {FORM: {"type": "object", "required": ["file"], "properties": {"file": file}}}

    def get_response_serializers(self) -> Any:
        known: dict[Any, Any] = {201: self.view.gives} if self.method == "POST" else {
            (200, BYTES): OpenApiResponse(OpenApiTypes.BINARY, _("The file"))
        }  # fmt: skip
        return {**known, **dict(self.refused())}

    def refused(self) -> Any:
        """What may be refused, as of records."""
        for code, text in refusals(self.method, self.method == "POST"):
            yield (code, MEDIA_TYPE), OpenApiResponse(Problem, text)

    def get_override_parameters(self) -> list[Any]:
        return []
