"""A process lost in a test costs that test, not the run."""

import subprocess
import sys
from pathlib import Path

from crm.launch.paths import BASE_DIR

TESTS = """
import os

def test_before(): pass
def test_ends_its_process(): os._exit(1)
def test_after(): pass
"""


def test_a_test_that_ends_its_process_is_told_once_and_the_rest_runs(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {BASE_DIR}\n")
    (tmp_path / "test_lost.py").write_text(TESTS)
    words = ["-q", "-p", "no:django", "-p", "crm.testing.crashes", "-n", "1", "--dist", "loadfile"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(BASE_DIR), "TMPDIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=tmp_path, env=environment, capture_output=True, text=True
    ).stdout
    assert "crashed while running 'test_lost.py::test_ends_its_process'" in told
    assert "the process that ran this test before was lost in it" in told
    assert "1 failed, 2 passed, 1 error" in told
