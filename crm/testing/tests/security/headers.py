"""What travels with every answer."""

from __future__ import annotations

from typing import Any

#: Pages that our own editor shows in a frame beside itself.
FRAMED_HERE = {"landingpages:page_preview", "marketing:campaign_preview_mail"}


def carries_the_policies(name: str, response: Any) -> None:
    """The browser is told to run nothing of others', to guess no type and to show the page in no frame."""
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src" in policy, name
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "*" not in policy, name
    assert response.headers["X-Content-Type-Options"] == "nosniff", name
    assert response.headers["X-Frame-Options"] in {"DENY", *(["SAMEORIGIN"] if name in FRAMED_HERE else [])}, name
    assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
    assert "Access-Control-Allow-Origin" not in response.headers, name
