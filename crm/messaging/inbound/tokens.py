"""Signed addresses and Message-IDs: how an answer finds its conversation, and nobody else's mail does.

`support+t-<conversation>-<signature>@host` stands in Reply-To; `<c.<conversation>.<nonce>.<signature>@host>` is the
Message-ID, which comes back in In-Reply-To and References. Both are lower case throughout, since mail servers
change case, and are accepted under `SECRET_KEY_FALLBACKS` too.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ADDRESS = re.compile(r"[^@]{1,64}\+t-([0-9a-z]{1,13})-([a-z2-7]{16})@.+", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<c\.([0-9a-z]{1,13})\.([0-9a-f]{16})\.([a-z2-7]{16})@[^<>@]+>", re.IGNORECASE)
_LOCAL_LIMIT = 64  # RFC 5321 §4.5.3.1.1
#: Every mail of ours says which instance it left, so that it knows its own when it comes back.
LOOP_HEADER = "X-Service-Desk-Loop"


def reply_address(address: str, conversation_id: int) -> str:
    """The address with the conversation's token; "" when it would be longer than a mail server takes."""
    local, _at, host = address.partition("@")
    number = _number(conversation_id)
    tagged = f"{local}+t-{number}-{_sign('address', number)}"
    return f"{tagged}@{host}" if len(tagged) <= _LOCAL_LIMIT else ""


def new_message_id(conversation_id: int, host: str) -> str:
    """A fresh Message-ID of ours, with angle brackets."""
    number, nonce = _number(conversation_id), secrets.token_hex(8)
    return f"<c.{number}.{nonce}.{_sign('message', f'{number}.{nonce}')}@{host}>"


def conversation_of_address(addresses: Iterable[str]) -> int | None:
    """The conversation that one of the addresses is signed for; a forged one counts as none."""
    for address in addresses:
        match = _ADDRESS.fullmatch(address)
        if match and _is_signed(match[2], "address", match[1].lower()):
            return int(match[1], 36)
    return None


def conversation_of_ids(message_ids: Iterable[str]) -> int | None:
    """The conversation that one of the Message-IDs is signed for; the last one named counts first."""
    for message_id in reversed(list(message_ids)):
        match = _MESSAGE_ID.fullmatch(message_id)
        if match and _is_signed(match[3], "message", f"{match[1].lower()}.{match[2].lower()}"):
            return int(match[1], 36)
    return None


def is_own(message_id: str) -> bool:
    """Whether this Message-ID was given by us."""
    return conversation_of_ids([message_id]) is not None


def loop_mark() -> str:
    """What our own `LOOP_HEADER` says."""
    return _sign("loop", "instance")


def is_loop(mark: str) -> bool:
    """Whether a loop header was written by this instance."""
    return _is_signed(mark.strip(), "loop", "instance")


def _number(value: int) -> str:
    digits = ""
    while value:
        value, rest = divmod(value, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _signatures(purpose: str, value: str) -> Iterator[str]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        mac = salted_hmac(f"crm.messaging.{purpose}", value, secret=key, algorithm="sha256").digest()
        yield base64.b32encode(mac[:10]).decode().lower()


def _sign(purpose: str, value: str) -> str:
    return next(_signatures(purpose, value))


def _is_signed(signature: str, purpose: str, value: str) -> bool:
    return any(constant_time_compare(signature.lower(), good) for good in _signatures(purpose, value))
