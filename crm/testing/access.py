"""Who may open which address: one row for every URL name, and a test that nobody forgets one.

An app fills `<app>/tests/access.py` with `access_table`: URL name → `PUBLIC`, `LOGIN`, a permission, or
several that are all needed. `test_access_table.py` walks the resolver and asks each address as a guest, as a
colleague without rights and as one who holds exactly these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.module_loading import module_has_submodule

PUBLIC, LOGIN = "public", "login"
#: First of the names of an address that machines open, with a token instead of a session.
TOKEN = "token"

Need = str | tuple[str, ...]

#: A value for each path converter; no record has it.
EXAMPLES: Mapping[str, Any] = {
    "IntConverter": 2_000_000_000,
    "StringConverter": "none",
    "SlugConverter": "none",
    "PathConverter": "none",
    "UUIDConverter": "00000000-0000-0000-0000-000000000000",
}


def routes() -> dict[str, dict[str, Any]]:
    """Every URL name with its namespaces → example arguments. An address without a name is keyed by its route."""
    return dict(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, prefix: str, outer: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in resolver.url_patterns:
        arguments = {**outer, **{name: _example(converter) for name, converter in entry.pattern.converters.items()}}
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}", arguments
        else:
            yield from _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, arguments)


def _example(converter: Any) -> Any:
    return EXAMPLES.get(type(converter).__name__, getattr(converter, "example", "none"))


def tables() -> dict[str, Need]:
    """The rows of every app. A name that two apps claim raises `ValueError`."""
    found: dict[str, Need] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("django.") and module_has_submodule(config.module, "tests"):
            package = import_module(f"{config.name}.tests")
            if module_has_submodule(package, "access"):
                table = import_module(f"{package.__name__}.access").access_table
                if twice := sorted(found.keys() & table.keys()):
                    raise ValueError(f"{config.name}: {', '.join(twice)} stand in another app's table too")
                found |= table
    return found


def permissions_of(need: Need) -> tuple[str, ...]:
    """The permissions that an address asks for; none where signing in is enough."""
    if need in {PUBLIC, LOGIN}:
        return ()
    return tuple(name for name in ((need,) if isinstance(need, str) else need) if name != TOKEN)


def needs_token(need: Need) -> bool:
    """Whether machines open the address, with a token."""
    return isinstance(need, tuple) and TOKEN in need


def ask(client: Client, name: str) -> HttpResponse:
    """The answer of the address: GET, or an empty POST where it does not read."""
    url = reverse(name, kwargs=routes()[name])
    response = client.get(url)
    return client.post(url) if response.status_code == 405 else response  # type: ignore[return-value]


def asks_to_sign_in(response: HttpResponse) -> bool:
    """Whether the answer sends the reader to the sign-in page."""
    if response.status_code == 401:
        return True
    login = reverse(settings.LOGIN_URL)
    target = response.headers.get("Location", "")
    return response.status_code == 302 and target.split("?")[0] == login and "next=" in target


def declared_permission(name: str) -> Any:
    """The `permission` that the view behind the address declares; the string "undeclared" when it says nothing."""
    view = resolve(reverse(name, kwargs=routes()[name])).func
    return getattr(getattr(view, "view_class", view), "permission", "undeclared")
