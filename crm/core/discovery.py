"""Finding what apps declare: their socket files are imported once at start, then the registries freeze."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from .registry import RegistryError
from .sockets import ALL_REGISTRIES, activity_types, permissions, subscribers

#: The files that apps fill, imported in this order.
SOCKET_FILES = (
    "kinds", "task_subjects", "approvals", "permissions", "activity", "timeline", "search", "subscribers", "sweeps",
    "nav", "commands", "shell", "settings_pages", "panels", "facts", "fields", "conditions", "lists", "rules",
    "notifications", "clocks", "attachments", "recycle", "list_actions", "handover",
    "metrics", "risk_signs", "job_runners", "mail_templates", "inbound",
    "seeds", "demo", "setup_steps", "article_sources", "exchange", "lifecycle", "portal", "segment_users", "blocks",
    "api",
)  # fmt: skip


def autodiscover() -> None:
    """Imports every app's socket files, then freezes and checks the registries.

    Raises `RegistryError` for duplicates and for permissions that nobody declares.
    """
    for file in SOCKET_FILES:
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, file) and config.name.split(".")[0] not in {"django"}:
                import_module(f"{config.name}.{file}")
    for registry in ALL_REGISTRIES:
        registry.freeze()
    _check_permissions()


def _check_permissions() -> None:
    for registry in ALL_REGISTRIES:
        for entry in registry:
            name = getattr(entry, "permission", "")
            if name and name not in permissions.names:
                raise RegistryError(f"{registry.name}: {getattr(entry, 'key', entry)!r} needs unknown {name!r}")
    for subscriber in subscribers:
        for key in subscriber.types:
            if key not in activity_types:
                raise RegistryError(f"subscriber {subscriber.key!r} listens to unknown type {key!r}")
