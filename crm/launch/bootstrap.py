"""Makes `.venv` with the pinned and hashed requirements, then hands over. Standard library only.

Run as a file by `bin/run` and `bin/test`, with any Python from 3.11 on, before anything is installed; so it
imports nothing of the project.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
#: What each command needs installed, and the module that takes over.
COMMANDS = {
    "run": ("requirements.txt", "crm.launch.supervisor"),
    "test": ("requirements-dev.txt", "crm.launch.checks"),
}


class SetupError(Exception):
    """The set-up cannot go on; the text is one line that says what to do."""


@dataclass(frozen=True)
class Environment:
    """The virtual environment of one checkout, and what says that it is complete."""

    base: Path
    python: str = sys.executable

    @property
    def folder(self) -> Path:
        """The virtual environment."""
        return self.base / ".venv"

    @property
    def interpreter(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    @property
    def unfinished_mark(self) -> Path:
        """There while an installation is going on; left behind by one that was killed."""
        return self.folder / ".unfinished"

    def stamp_file(self, lock: str) -> Path:
        """Written last, one for each lock file."""
        return self.folder / f".stamp-{Path(lock).stem}"

    def stamp(self, lock: str) -> str:
        """What the stamp must say: the lock's content and the Python that the environment was made by."""
        version = ".".join(str(part) for part in sys.version_info[:3])
        content = (self.base / lock).read_bytes()
        return hashlib.sha256(content + f"\n{self.python} {version}".encode()).hexdigest()

    def is_complete(self, lock: str) -> bool:
        """True when nothing has to be done."""
        try:
            return self.stamp_file(lock).read_text() == self.stamp(lock) and self.interpreter.exists()
        except OSError:
            return False

    def is_sound(self) -> bool:
        """True when packages may go on top: the right Python starts, no killed installation is left."""
        if self.unfinished_mark.exists() or not self.interpreter.exists():
            return False
        wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
        try:
            said = subprocess.run(
                [self.interpreter, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                timeout=30,
                check=True,
            ).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            return False
        return said == wanted


def say(text: str) -> None:
    """One line of progress."""
    print(f"set-up    | {text}", flush=True)


def run(command: Sequence[str | Path], extra: dict[str, str] | None = None) -> bool:
    """Run a command with its output shown. True when it ended well."""
    try:
        return subprocess.call([str(part) for part in command], env={**os.environ, **(extra or {})}) == 0
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return False


@contextlib.contextmanager
def only_one(base: Path) -> Iterator[None]:
    """One set-up at a time in a checkout; a second one waits. The lock is on the folder itself."""
    descriptor = os.open(base, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another set-up is at work in this checkout; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_environment(env: Environment) -> None:
    """A fresh virtual environment. Debian's Python has no ensurepip, so pip stays outside."""
    say(f"making {env.folder}")
    if importlib.util.find_spec("venv") is None:
        raise SetupError(f"{env.python} has no venv module: install a complete Python 3.11 or newer.")
    if not run([env.python, "-m", "venv", "--without-pip", "--clear", env.folder]):
        raise SetupError(f"{env.folder} could not be made: is the disk full, or the folder not yours?")


def pip_command(env: Environment) -> list[str]:
    """pip of the outer Python, working on the environment; without one, a pip inside it.

    Raises `SetupError` when Python brings neither.
    """
    if importlib.util.find_spec("pip") is not None:
        return [env.python, "-m", "pip", "--python", str(env.interpreter), "--disable-pip-version-check"]
    if importlib.util.find_spec("ensurepip") is not None and run([env.interpreter, "-m", "ensurepip"]):
        return [str(env.interpreter), "-m", "pip", "--disable-pip-version-check"]
    raise SetupError(f"{env.python} has no pip: install it (on Debian: apt-get install python3-pip).")


def mirror_settings(env: Environment) -> dict[str, str]:
    """The package index that pip is set to, for uv, which does not read pip's settings."""
    if os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL"):
        return {}
    asked = subprocess.run(
        [env.python, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    address = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": address} if address else {}


def install(env: Environment, lock: str) -> None:
    """Install the hashed lock file: with uv, and with pip when uv cannot be had or fails."""
    pip = [*pip_command(env), "install", "--quiet", "--require-hashes"]
    uv = env.folder / "bin" / "uv"
    if uv.exists() or run([*pip, "--requirement", env.base / "requirements-setup.txt"]):
        say(f"installing {lock}")
        command: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", env.interpreter]
        command += ["--require-hashes", "--compile-bytecode", "--requirement", env.base / lock]
        if run(command, mirror_settings(env)):
            return
    say(f"uv could not do it; installing {lock} with pip (slower)")
    if not run([*pip, "--requirement", env.base / lock]):
        raise SetupError("The packages could not be installed (see above): check the network and start again.")


def ensure(env: Environment, lock: str) -> None:
    """Make sure that the environment holds what the lock file says. Safe to kill and to repeat."""
    if env.is_complete(lock):
        return
    with only_one(env.base):
        if env.is_complete(lock):
            return
        began = time.monotonic()
        if not env.is_sound():
            make_environment(env)
        env.unfinished_mark.touch()
        install(env, lock)
        env.unfinished_mark.unlink()
        env.stamp_file(lock).write_text(env.stamp(lock))
        say(f"packages ready after {time.monotonic() - began:.1f} s")


def main(arguments: Sequence[str]) -> int:
    """`run` or `test`, then what that command takes."""
    base = Path(__file__).resolve().parents[2]
    lock, module = COMMANDS[arguments[0]]
    # The interpreter behind a virtual environment that happens to be active.
    env = Environment(base, getattr(sys, "_base_executable", None) or sys.executable)
    if sys.version_info < OLDEST_PYTHON:
        print("Python 3.11 or newer is needed.", file=sys.stderr)
        return 1
    try:
        ensure(env, lock)
    except SetupError as error:
        print(f"set-up    | {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"set-up    | {error.filename or env.folder}: {error.strerror}", file=sys.stderr)
        return 1
    os.chdir(base)
    os.execv(env.interpreter, [str(env.interpreter), "-m", module, *arguments[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
