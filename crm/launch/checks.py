"""`bin/test`: every check in order, then the tests. With a path or an option of pytest, only the tests.

All checks run even when one fails, so that one run shows everything; what failed is repeated just above the
last line, which is always pytest's own.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .paths import BASE_DIR

PROGRAMS = Path(sys.executable).parent
APPS = ("crm", "customers", "knowledge", "tickets", "sales", "marketing", "reports")
TYPED = ("actions.py", "actions/*.py", "selectors.py", "selectors/*.py")
#: Checks read code; this stands in for the secret and the servers that they never use.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "crm.settings.test",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@dataclass(frozen=True)
class Check:
    """One check: its heading, and the command that fails when something is wrong."""

    name: str
    command: Callable[[], list[str]]


def _program(name: str, *words: str) -> list[str]:
    return [str(PROGRAMS / name), *words]


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]


def templates() -> list[str]:
    """Every template of the checkout."""
    folders = [BASE_DIR / "templates", *(BASE_DIR / app for app in APPS)]
    found = (path for folder in folders for path in folder.rglob("*.html") if "templates" in path.parts)
    return sorted(str(path.relative_to(BASE_DIR)) for path in found)


def typed_modules() -> list[str]:
    """Actions and selectors of every app, and the launcher and settings themselves."""
    found = {path for app in APPS for pattern in TYPED for path in (BASE_DIR / app).glob(f"**/{pattern}")}
    found |= set((BASE_DIR / "crm" / "launch").glob("*.py")) | set((BASE_DIR / "crm" / "settings").glob("*.py"))
    return sorted(str(path.relative_to(BASE_DIR)) for path in found if "tests" not in path.parts)


CHECKS = (
    Check("style (ruff check)", lambda: _program("ruff", "check", ".")),
    Check("layout (ruff format)", lambda: _program("ruff", "format", "--check", ".")),
    Check("floors (import-linter)", lambda: _program("lint-imports", "--no-logo")),
    Check("templates (djade)", lambda: _program("djade", "--check", "--target-version", "5.2", *templates())),
    Check("migrations", lambda: _python("-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run")),
    Check("translations", lambda: _python("-m", "crm.testing.translations")),
    Check("types (mypy)", lambda: _program("mypy", "--no-error-summary", *typed_modules())),
)


def run_checks(checks: Sequence[Check] = CHECKS) -> list[str]:
    """Run them all with headings. Returns the names of those that failed."""
    failed = []
    for check in checks:
        print(f"\n=== {check.name}", flush=True)
        began = time.monotonic()
        code = subprocess.call(check.command(), cwd=BASE_DIR, env={**os.environ, **ENVIRONMENT})
        word = "FAILED" if code else "ok"
        print(f"--- {check.name}: {word} ({time.monotonic() - began:.1f} s)", flush=True)
        if code:
            failed.append(check.name)
    return failed


def run_tests(arguments: Sequence[str], failed: Sequence[str] = ()) -> int:
    """pytest, as a child, so that its last line is ours too. Returns its exit code."""
    environment = dict(os.environ)
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    if failed:
        environment["CRM_FAILED_CHECKS"] = ", ".join(failed)
    return subprocess.call(_python("-m", "pytest", *arguments), cwd=BASE_DIR, env=environment)


def main(arguments: Sequence[str]) -> int:
    """No argument or only `--all`: everything. Anything else goes to pytest as it is."""
    words = list(arguments)
    if words not in ([], ["--all"]):
        return run_tests(words)
    failed = run_checks()
    print("\n=== tests (pytest)", flush=True)
    workers = str(min(os.cpu_count() or 1, 4))
    code = run_tests(["-q", "-n", workers, "--dist", "loadfile", "--no-loadscope-reorder", *words], failed)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
