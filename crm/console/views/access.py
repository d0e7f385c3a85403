"""How a view of this room says that it is open to everybody."""

from __future__ import annotations

from crm.ui.access import View


def public(view: View) -> View:
    """Open to everybody, said aloud."""
    view.permission = None  # type: ignore[attr-defined]
    return view
