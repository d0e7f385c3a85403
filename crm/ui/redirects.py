"""Where a form may lead to afterwards."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, target: str | None) -> str:
    """`target` when it is an address of this host, else home.

    A bare word is no address: `redirect` would look for a view of that name.
    """
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and allowed and target.startswith(("/", "http://", "https://")) else "/"
