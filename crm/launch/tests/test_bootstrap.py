"""The part before anything is installed: when it works, when it leaves things alone, when it starts over."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm.launch import bootstrap
from crm.launch.bootstrap import Environment, SetupError


@pytest.fixture
def env(tmp_path, monkeypatch):
    """A checkout with a lock file; commands are written down, and `venv` makes a small folder."""
    (tmp_path / "requirements.txt").write_text("django==1\n")
    environment = Environment(tmp_path)
    calls = []

    def run(command, extra=None):
        words = [str(word) for word in command]
        calls.append(words)
        if "venv" in words:
            environment.interpreter.parent.mkdir(parents=True, exist_ok=True)
            environment.unfinished_mark.unlink(missing_ok=True)
            environment.interpreter.unlink(missing_ok=True)
            environment.interpreter.symlink_to(sys.executable)
        if words[-1].endswith("requirements-setup.txt"):
            (environment.folder / "bin" / "uv").touch()
        return not any(word in failing for word in words)

    failing: list[str] = []
    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "mirror_settings", lambda _env: {})
    monkeypatch.setattr(bootstrap, "pip_command", lambda _env: ["python", "-m", "pip"])
    return environment, calls, failing


def made(calls):
    return sum("venv" in words for words in calls)


def test_second_start_does_nothing(env):
    environment, calls, _ = env
    bootstrap.ensure(environment, "requirements.txt")
    assert made(calls) == 1
    assert environment.is_complete("requirements.txt")
    calls.clear()
    bootstrap.ensure(environment, "requirements.txt")
    assert calls == []


def test_changed_lock_installs_on_top(env):
    environment, calls, _ = env
    bootstrap.ensure(environment, "requirements.txt")
    calls.clear()
    (environment.base / "requirements.txt").write_text("django==2\n")
    bootstrap.ensure(environment, "requirements.txt")
    assert made(calls) == 0
    assert calls


def test_killed_installation_starts_over(env, monkeypatch):
    environment, calls, _ = env

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install", killed)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.ensure(environment, "requirements.txt")
    assert not environment.is_complete("requirements.txt")
    calls.clear()
    bootstrap.ensure(environment, "requirements.txt")
    assert made(calls) == 1
    assert environment.is_complete("requirements.txt")


def test_broken_interpreter_starts_over(env):
    environment, calls, _ = env
    bootstrap.ensure(environment, "requirements.txt")
    environment.interpreter.unlink()
    environment.interpreter.symlink_to("/nowhere/python3")
    calls.clear()
    bootstrap.ensure(environment, "requirements.txt")
    assert made(calls) == 1


def test_pip_takes_over_when_uv_cannot_be_had(env):
    environment, calls, failing = env
    failing.append(str(environment.base / "requirements-setup.txt"))
    bootstrap.ensure(environment, "requirements.txt")
    assert "pip" in calls[-1]
    assert "--require-hashes" in calls[-1]
    assert calls[-1][-1].endswith("requirements.txt")
    assert environment.is_complete("requirements.txt")


def test_failed_installation_says_so_and_leaves_no_stamp(env):
    environment, _, failing = env
    failing += [str(environment.base / "requirements.txt")]
    with pytest.raises(SetupError, match="could not be installed"):
        bootstrap.ensure(environment, "requirements.txt")
    assert not environment.is_complete("requirements.txt")


def test_needs_the_standard_library_only():
    tree = ast.parse(Path(bootstrap.__file__).read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("" if node.level else (node.module or "").split(".")[0])
    assert names <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({}, "Python 3.11 or newer is needed and was not found"),
        ({"PYTHON": "/nowhere/python"}, "PYTHON is /nowhere/python, which is no Python 3.11 or newer"),
        ({"PYTHON": "old"}, "PYTHON is old, which is no Python 3.11 or newer"),
    ],
)
def test_a_shell_without_the_right_python_says_one_sentence(tmp_path, named, sentence):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    for name in ("old", "python3"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(Path(bootstrap.__file__).parents[2] / "bin" / "run")],
        env={"PATH": str(tmp_path), **named},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.startswith(sentence) and done.stderr.count("\n") == 1
