"""The run-state file: ports and secrets that stay, and what runs now. Standard library only."""

import contextlib
import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from .errors import LaunchError
from .paths import DataDir

RUNNING = "running"


def read_state(path: Path) -> dict[str, Any]:
    """The state, or an empty one when the file is missing, unreadable or half-written."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


class RunState:
    """What the supervisor remembers from one start to the next, in `run.json`."""

    def __init__(self, data: DataDir) -> None:
        self.path = data.state_file
        self.values = read_state(self.path)

    def get(self, key: str, default: Any = None) -> Any:
        """A remembered value."""
        return self.values.get(key, default)

    def put(self, **values: Any) -> None:
        """Remember values, at once on disk. None forgets a key."""
        self.values.update(values)
        self.values = {key: value for key, value in self.values.items() if value is not None}
        write_private(self.path, json.dumps(self.values, indent=1) + "\n")

    def secret(self, key: str) -> str:
        """A random secret, made on first use."""
        if key not in self.values:
            self.put(**{key: secrets.token_urlsafe(48)})
        return str(self.values[key])


class SupervisorLock:
    """At most one supervisor per data folder. The kernel frees the lock of one that was killed."""

    def __init__(self, data: DataDir) -> None:
        self.data = data
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises `LaunchError` that names the running supervisor."""
        try:
            descriptor = os.open(self.data.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LaunchError(
                f"{self.data.root} belongs to another user ({error.strerror}): set DATA_DIR to a folder of your own."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise LaunchError(self._refusal()) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; done by the kernel when the process ends otherwise."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None

    def _refusal(self) -> str:
        running = read_state(self.data.state_file).get(RUNNING) or {}
        where = f"at {running['address']}" if running.get("address") else "and still starting"
        pid = f" (process {running['pid']})" if running.get("pid") else ""
        return (
            f"Already running {where}{pid} with the data in {self.data.root}: "
            "stop it there first, or set DATA_DIR to another folder."
        )
