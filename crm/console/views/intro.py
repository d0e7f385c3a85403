"""The first line of a settings page: the sentence that the index shows too."""

from __future__ import annotations

from typing import Any

from crm.core.sockets import settings_pages


def intro(key: str) -> dict[str, Any]:
    """`intro` for the template: what is set on the page of that key."""
    return {"intro": settings_pages[key].summary}
