"""Calls to addresses that somebody else named: only public machines, never this network (no SSRF).

The name is looked up once and the connection goes to the address that was checked, so that a name which changes its
answer between check and call (DNS rebinding) leads nowhere. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 10.0
_ANSWER_BYTES = 2000


class AddressRefused(ValueError):
    """The address is not https, not complete, or leads into a private network."""


class Unreachable(OSError):
    """The other side could not be spoken to; trying again may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. text: its first 2,000 bytes."""

    status: int
    headers: Mapping[str, str]
    text: str


def check(url: str) -> SplitResult:
    """The parts of an address that may be called: https, a host, no user name. Raises `AddressRefused`.

    With `OUTBOUND_LOOPBACK` (development and tests) http to this machine passes too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not an address") from error
    if not parts.hostname or parts.username is not None or port == 0:
        raise AddressRefused("no host, or a user name in the address")
    if parts.scheme != "https" and not (parts.scheme == "http" and _may_be_here(parts.hostname)):
        raise AddressRefused("not https")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if "." not in parts.hostname and not _may_be_here(parts.hostname):
            raise AddressRefused("a name of this network") from None
    else:
        _refuse_private(literal)
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """One POST within `TIMEOUT_SECONDS` a step. Raises `AddressRefused` and `Unreachable`."""
    parts = check(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        raw = socket.create_connection((_public_address(host, port), port), timeout=TIMEOUT_SECONDS)
    except OSError as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        secure = parts.scheme == "https"
        connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Host": parts.netloc, **headers})
        response = connection.getresponse()
        text = response.read(_ANSWER_BYTES).decode(errors="replace")
        return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, text)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
        raw.close()


def _public_address(host: str, port: int) -> str:
    """The address to connect to. One private answer among public ones refuses the name."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        _refuse_private(ipaddress.ip_address(str(address).split("%")[0]))
    return str(found[0])


def _refuse_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback and settings.OUTBOUND_LOOPBACK:
        return
    if not address.is_global or address.is_multicast:
        raise AddressRefused("an address of a private network")


def _may_be_here(host: str) -> bool:
    return settings.OUTBOUND_LOOPBACK and host in {"localhost", "127.0.0.1", "::1"}
