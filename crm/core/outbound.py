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
_NAT64, _UNICAST, _TUNNELS = map(ipaddress.ip_network, ("64:ff9b::/96", "2000::/3", "2002::/16"))


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

    With `OUTBOUND_LOOPBACK` (development and tests) http to this machine passes too. With `OUTBOUND_NETWORKS` http and
    names of this network pass here; `post` then sees whether the name leads into one of those networks.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not an address") from error
    if not parts.hostname or parts.username is not None or port == 0:
        raise AddressRefused("no host, or a user name in the address")
    inside = bool(settings.OUTBOUND_NETWORKS) or _may_be_here(parts.hostname)
    if parts.scheme != "https" and not (parts.scheme == "http" and inside):
        raise AddressRefused("not https")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if "." not in parts.hostname and not inside:
            raise AddressRefused("a name of this network") from None
    else:
        _refuse_private(literal)
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """One POST within `TIMEOUT_SECONDS` a step. Raises `AddressRefused` and `Unreachable`."""
    parts = check(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = _public_address(host, port, plain=parts.scheme == "http")
        raw = socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
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


def _public_address(host: str, port: int, *, plain: bool) -> str:
    """The address to connect to. One private answer among public ones refuses the name; plain: without encryption."""
    found = [str(entry[4][0]).split("%")[0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        address = ipaddress.ip_address(text)
        _refuse_private(address)
        if plain and not _is_ours(address):
            raise AddressRefused("not https")
    return found[0]


def _refuse_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or _translated(address)
    if not _is_ours(address) and not _is_public(address):
        raise AddressRefused("an address of a private network")


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The machine behind a gateway that translates to IPv4 (RFC 6052 §2.1); else the address itself."""
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """IPv6 is public in 2000::/3 alone; 2002::/16 in it would be tunnelled to any IPv4 address (RFC 3056)."""
    if not address.is_global or address.is_multicast:
        return False
    return address.version == 4 or (address in _UNICAST and address not in _TUNNELS)


def _is_ours(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the deployer opened the address: this machine where that is allowed, or a network of the settings."""
    if address.is_loopback and settings.OUTBOUND_LOOPBACK:
        return True
    return any(address in ipaddress.ip_network(network) for network in settings.OUTBOUND_NETWORKS)


def _may_be_here(host: str) -> bool:
    return settings.OUTBOUND_LOOPBACK and host in {"localhost", "127.0.0.1", "::1"}
