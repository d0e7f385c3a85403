"""Signatures after the Standard Webhooks specification (https://www.standardwebhooks.com), which receivers have
libraries for: `v1,` and the base64 of HMAC-SHA256 over "<id>.<timestamp>.<body>".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as receivers store it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, event_id: str, timestamp: int, body: str) -> str:
    """The value of the webhook-signature header. timestamp: seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, event_id: str, timestamp: int, body: str) -> dict[str, str]:
    """What a delivery carries beside its body."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "crm-webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, event_id, timestamp, body),
    }
