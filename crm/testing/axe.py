"""axe-core in a page: what an automatic check finds against WCAG 2.2 AA and best practice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def violations(page: Any, *, exclude: tuple[str, ...] = ()) -> list[str]:
    """Runs axe on a Playwright page; one line for each violated element, empty when the page is clean.

    exclude: CSS selectors whose content is not ours, such as a mail's own HTML.
    """
    page.wait_for_load_state()
    if not page.evaluate("() => Boolean(window.axe)"):
        # Through the debugger, not a <script>: the page's content security policy stays as it is.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("(exclude) => axe.run({ exclude })", list(exclude))
    return [
        f"{rule['impact']} {rule['id']}: {' '.join(map(str, node['target']))} ({_reason(node)})"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def _reason(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return "; ".join(check["message"] for check in checks)[:200]
