"""Where a request came from, with proxies taken into account."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest


def parts_of(address: str) -> SplitResult:
    """The parts of an address that a request names, such as its Referer; empty ones for what is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address. Behind `TRUSTED_PROXIES` proxies, the entry that the outermost of them added.

    With none trusted the header is ignored: anybody can send it.
    """
    peer = request.META.get("REMOTE_ADDR", "") or "unknown"
    trusted = settings.TRUSTED_PROXIES
    if not trusted:
        return peer
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return hops[-trusted][:64] if len(hops) >= trusted else peer


def client_network(request: HttpRequest) -> str:
    """The visitor's network, which limits count: the /24 of an IPv4 address, the /64 of an IPv6 one."""
    raw = client_address(request)
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def is_direct_loopback(request: HttpRequest) -> bool:
    """Whether the request was made on this machine itself, not passed on by a proxy here."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not forwarded
