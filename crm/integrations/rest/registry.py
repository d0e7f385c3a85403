"""The socket of the API: which records it offers. Fill `<app>/api.py`.

class Teams(Resource):
    kind, path, permission = "team", "teams", "console.view_settings"
    ...

resources.register(Teams)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES

if TYPE_CHECKING:
    from crm.core.actor import Actor

    from .views import Resource

resources: Registry[type[Resource]] = Registry("API resources")
ALL_REGISTRIES.append(resources)


def represent(actor: Actor, kind: str, row: Any) -> Any:
    """A record as the API shows it to the actor: plain JSON values; None for a kind that the API does not offer."""
    resource = resources.offered(kind)
    return resource.representation(actor, row) if resource is not None else None
