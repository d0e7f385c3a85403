"""Writes the table of permissions by seeded role into docs/architecture/access.md, from the registries.

    .venv/bin/python docs/permissions_table.py

It needs no database. A test compares the page with `table()`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture" / "access.md"
BEGIN, END = "<!-- permissions:begin -->\n", "<!-- permissions:end -->\n"


def table() -> str:
    """One row a permission, one column a seeded role; the module's row says how far each role sees."""
    from django.utils import translation

    from crm.accounts.seeds import ROLES
    from crm.core.actor import Scope
    from crm.core.sockets import Module, permissions

    roles = [key for key in ROLES if key != "administrator"]

    def scope(module: Module, role: str) -> str:
        granted, found = module.defaults.get(role, ((), Scope.NONE))
        return found.name.lower() if granted and module.scoped else ""

    def holds(module: Module, role: str, action: str) -> str:
        granted, _scope = module.defaults.get(role, ((), Scope.NONE))
        return "yes" if action in granted or "*" in granted else ""

    with translation.override("en"):
        lines = [
            _line("Permission", "Label", *(role.replace("_", " ") for role in roles)),
            _line(*["---"] * (2 + len(roles))),
        ]
        for module in permissions:
            lines.append(_line(f"**{module.key}**", f"**{module.label}**", *(scope(module, role) for role in roles)))
            for entry in module.permissions:
                name = f"`{module.key}.{entry.action}`"
                lines.append(_line(name, str(entry.label), *(holds(module, role, entry.action) for role in roles)))
    return "\n".join(lines) + "\n"


def replaced(page: str) -> str:
    """The page with today's table between its marks."""
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    return f"{head}{BEGIN}{table()}{END}{tail}"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
    import django

    django.setup()
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
