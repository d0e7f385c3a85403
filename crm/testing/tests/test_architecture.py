"""House rules that import-linter cannot see: strings that name other rooms, writes outside actions, sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from crm.celery import app
from crm.core import actions, sockets
from crm.ui.icons import ICONS

ROOT = Path(__file__).resolve().parents[3]
#: Lowest floor first; rooms on one floor share a number.
FLOORS = {
    "core": 0, "accounts": 1, "jobs": 2, "activity": 3, "calendars": 4, "conditions": 4, "files": 5, "fields": 5,
    "ui": 6, "messaging": 7, "search": 7, "blocks": 7, "notifications": 8, "planner": 9, "approvals": 9, "exchange": 9,
    "integrations": 11,
    "console": 12, "customers": 13, "knowledge": 14, "tickets": 15, "sales": 15, "marketing": 16, "reports": 17,
}  # fmt: skip
#: What the shell may link to by name although it stands below: the frame's own doors.
SHELL_LINKS = {
    "console:login", "console:logout", "console:home", "console:profile", "console:settings", "help:ticket_submit",
    "search:results", "portal:home",
}  # fmt: skip
TEMPLATE_ROOMS = {"registration": "console", "mail": "messaging", "quotes": "sales", "contracts": "sales"}
URL_SPACES = {
    "portal": "customers",
    "support": "tickets",
    "offers": "sales",
    "help": "tickets",
    "desk": "tickets",
    "quotes": "sales",
    "contracts": "sales",
    "agreements": "sales",
    "responses": "marketing",
}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def sources(*folders: str) -> Iterator[Path]:
    """Python files of the product, tests and migrations left out."""
    for folder in folders or ("crm", "customers", "knowledge", "tickets", "sales", "marketing", "reports"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = set(path.relative_to(ROOT).parts)
            if not parts & {"tests", "migrations", "__pycache__", "demo_data"} and "testing" not in parts:
                yield path


def room_of(path: Path) -> str:
    """The room a file belongs to: the app's label."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "templates":
        return parts[1] if parts[1] in FLOORS else TEMPLATE_ROOMS.get(parts[1], "ui")
    return parts[1] if parts[0] == "crm" and len(parts) > 2 else parts[0]


def may_use(user: str, used: str) -> bool:
    """Whether a room may name another: itself, or a lower floor."""
    return user == used or FLOORS.get(used, -1) < FLOORS.get(user, 99)


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is not None
        and field.related_model._meta.app_label in FLOORS
        and not may_use(model._meta.app_label, field.related_model._meta.app_label)
    ]  # fmt: skip
    assert wrong == []


def test_migrations_depend_downwards() -> None:
    wrong = []
    for path in ROOT.rglob("migrations/0*.py"):
        if ".venv" in path.parts or "node_modules" in path.parts:
            continue
        room = room_of(path)
        for label, name in re.findall(r"\(['\"](\w+)['\"], ['\"](\d{4}_\w+)['\"]\)", path.read_text()):
            if label in FLOORS and not may_use(room, label):
                wrong.append(f"{path.relative_to(ROOT)} depends on {label}.{name}")
        assert "_auto_" not in path.name, f"{path.name} is not named by intent"
    assert wrong == []


def test_templates_extend_and_link_downwards() -> None:
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        room, text = room_of(path), path.read_text()
        for name in re.findall(r"{% (?:extends|include) ['\"]([\w/.-]+)['\"]", text):
            target = name.split("/")[0]
            if target in FLOORS and not may_use(room, target):
                wrong.append(f"{path.relative_to(ROOT)} uses {name}")
        for name in re.findall(r"{% url ['\"]([\w:]+)['\"]", text):
            space = name.split(":")[0]
            target = URL_SPACES.get(space, space)
            if target in FLOORS and not may_use(room, target) and name not in SHELL_LINKS:
                wrong.append(f"{path.relative_to(ROOT)} links to {name}")
    assert wrong == []


def test_models_and_tasks_named_by_string_are_below() -> None:
    wrong = []
    for path in sources():
        text, room = path.read_text(), room_of(path)
        names = re.findall(r"get_model\(['\"](\w+)", text) + re.findall(r"enqueue\w*\(\s*['\"](\w+)\.", text)
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if name in FLOORS and not may_use(room, name)]
    assert wrong == []


def test_every_enqueued_task_exists() -> None:
    for config in apps.get_app_configs():
        if (Path(config.path) / "tasks.py").exists() and config.name.split(".")[0] != "django":
            import_module(f"{config.name}.tasks")
    named = {name for path in sources() for name in re.findall(r"enqueue\w*\(\s*['\"]([\w.]+)['\"]", path.read_text())}
    assert named - set(app.tasks) == set()


def test_views_and_forms_never_write() -> None:
    """No call on a manager or a row in views, forms, tables, filters; they call actions."""
    wrong = []
    for path in sources():
        parts = path.relative_to(ROOT).parts
        if "views" in parts or path.name in {"views.py", "forms.py", "filters.py", "lists.py", "cells.py"}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                    owner = ast.unparse(node.func.value)
                    if "objects" in owner or owner in {"form", "record", "self.object", "ticket", "customer", "user"}:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {owner}.{node.func.attr}")
    assert wrong == []


def test_actions_know_no_request_form_or_template() -> None:
    wrong = []
    for path in sources():
        parts = path.relative_to(ROOT).parts
        if "actions" not in parts and path.name != "actions.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            module = getattr(node, "module", "") or ""
            if isinstance(node, ast.Import | ast.ImportFrom) and (
                (
                    module
                    in {"django.http", "django.shortcuts", "django.template", "django.template.loader", "django.forms"}
                    and names != ["QueryDict"]
                )
                or "forms" in names
                or any(name in {"smtplib", "imaplib", "requests", "urllib.request"} for name in names)
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.arg) and node.arg == "request":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} takes a request")
    assert wrong == []


def test_every_verb_is_an_action_with_an_actor() -> None:
    assert len(actions.ACTIONS) > 30
    assert all(hasattr(verb, "permission") for verb in actions.ACTIONS.values())
    unknown = {
        verb.permission  # type: ignore[attr-defined]
        for verb in actions.ACTIONS.values()
        if verb.permission and verb.permission not in sockets.permissions.names  # type: ignore[attr-defined]
    }
    assert unknown == set()


def test_every_permission_is_asked_somewhere() -> None:
    text = "\n".join(path.read_text() for path in [*sources(), *(ROOT / "templates").rglob("*.html")])
    asked = {name for name in sockets.permissions.names if f'"{name}"' in text or f"'{name}'" in text}
    views = {f"{module.key}.view" for module in sockets.permissions}
    assert sockets.permissions.names - asked - views == set()


def test_sizes() -> None:
    wrong = [f"{p.relative_to(ROOT)}: {n} lines" for p in sources() if (n := len(p.read_text().splitlines())) > 400]
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} is longer than 50 lines")
    for path in (ROOT / "templates").rglob("*.html"):
        if (n := len(path.read_text().splitlines())) > 120:
            wrong.append(f"{path.relative_to(ROOT)}: {n} lines")
    assert wrong == []


def test_no_inline_script_or_style() -> None:
    """The content security policy refuses them; mail is no page of ours and has its own."""
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        if path.relative_to(ROOT / "templates").parts[0] == "mail":
            continue
        text = path.read_text()
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text) or re.search(
            r"<style|\sstyle=|\son\w+=", text
        ):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_tasks_are_short() -> None:
    wrong = []
    for path in sources():
        if path.name == "tasks.py" and "actions" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 15:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert wrong == []


def test_public_functions_have_docstrings() -> None:
    wrong = []
    for path in sources():
        if "actions" in path.parts or path.name in {"selectors.py", "actions.py", "querysets.py"}:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert wrong == []


def test_sockets_page_names_every_registry() -> None:
    page = (ROOT / "docs/architecture/sockets.md").read_text()
    missing = [registry.name for registry in sockets.ALL_REGISTRIES if f"`{registry.name}`" not in page]
    assert missing == []


def test_every_registry_is_filled() -> None:
    assert [registry.name for registry in sockets.ALL_REGISTRIES if not len(registry)] == []


def test_declared_icons_exist() -> None:
    wrong = [
        f"{registry.name}: {entry.key} wants {entry.icon!r}"
        for registry in sockets.ALL_REGISTRIES
        for entry in registry
        if getattr(entry, "icon", "") and entry.icon not in ICONS
    ]
    assert wrong == []


def urls(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Every named address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from urls(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}"


@pytest.mark.parametrize("registry", ["nav", "commands", "settings_pages"])
def test_declared_addresses_exist(registry: str) -> None:
    known = set(urls(get_resolver()))
    entries = getattr(sockets, registry)
    assert [entry.url_name for entry in entries if entry.url_name not in known] == []
