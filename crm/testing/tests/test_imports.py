"""`crm.testing` is imported by tests only. (The floors are import-linter's; it cannot tell tests apart.)"""

import ast
from pathlib import Path

from crm.launch.paths import BASE_DIR

FOLDERS = ("crm", "customers", "knowledge", "tickets", "sales", "marketing", "reports")


def imported(path: Path) -> set[str]:
    """Absolute names that the file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_test(path: Path) -> bool:
    """Tests, and the testing room itself."""
    parts = path.relative_to(BASE_DIR).parts
    return "tests" in parts or parts[:2] == ("crm", "testing") or path.name == "conftest.py"


def test_only_tests_import_the_testing_room():
    files = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("*.py")]
    assert len(files) > 100
    wrong = [
        str(path.relative_to(BASE_DIR))
        for path in files
        if not is_test(path) and any(f"{name}.".startswith("crm.testing.") for name in imported(path))
    ]
    assert wrong == []
