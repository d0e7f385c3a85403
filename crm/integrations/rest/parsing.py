"""Bodies come in as JSON of a sensible size and in characters that can be stored; answers go out as JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser

#: The largest body, in bytes: an order of 500 lines is a fifth of it.
MAX_BYTES = 1_000_000


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class SafeJSONParser(JSONParser):
    """JSON without what no database takes: NUL and lone surrogates; and without depth that no reader survives."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            check_texts(data)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        return data


def check_texts(data: Any) -> None:
    """Raises `ParseError` when a text, or a name, anywhere in the data cannot be stored."""
    waiting = [data]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if "\x00" in found or any("\ud800" <= char <= "\udfff" for char in found if ord(char) > 0xD7FF):
                raise ParseError(_("A text holds a character that cannot be stored."))
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found


def check_size(request: Any) -> None:
    """Raises `TooLarge` before anything of a body is read."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not text.isdigit() or int(text[:12]) > MAX_BYTES:
        raise TooLarge(_("Send at most %(limit)s bytes.") % {"limit": f"{MAX_BYTES:,}"})


class JsonOnly(BaseContentNegotiation):
    """Whatever a client says it accepts, it gets JSON."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        from rest_framework.utils.mediatypes import media_type_matches

        return next((each for each in parsers if media_type_matches(each.media_type, request.content_type)), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
