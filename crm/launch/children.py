"""Child processes: started with a parent-death signal, logged line by line, restarted with back-off."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .users import Account

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
PR_SET_PDEATHSIG = 1
COLOURS = {"web": 36, "worker": 33, "scheduler": 35, "postgres": 34, "valkey": 31, "setup": 32}


def death_signal(number: int) -> Callable[[], None] | None:
    """What makes the kernel stop a child when its supervisor is killed. Linux only, no-op elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    # Looked up now: between fork and exec as little as possible may happen.
    prctl = libc.prctl

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)

    return arm


class Output:
    """Where lines go: the terminal with a coloured prefix (plain when not a terminal)."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self.stream = stream or sys.stdout
        self.colour = self.stream.isatty() and not os.environ.get("NO_COLOR")
        self._lock = threading.Lock()

    def line(self, name: str, text: str) -> None:
        """One line of one process."""
        label = f"{name:<9} |"
        if self.colour:
            label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
        # The reader of our output may be gone (a closed pipe); the system goes on.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self.stream.write(f"{label} {text}\n")
            self.stream.flush()


@dataclass
class Spec:
    """How to run one process."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    account: Account
    stop_signal: int = signal.SIGTERM
    patience_seconds: float = 20.0


@dataclass
class Child:
    """One supervised process and its back-off."""

    spec: Spec
    output: Output
    log_folder: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    restart_at: float = 0.0
    _started_at: float = field(default=0.0, repr=False)
    _reader: threading.Thread | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The prefix of its log lines."""
        return self.spec.name

    def start(self) -> None:
        """Start it. Call from the main thread: the parent-death signal follows the calling thread."""
        self._started_at = time.monotonic()
        self.restart_at = 0.0
        try:
            self.process = subprocess.Popen(
                self.spec.command,
                env=self.spec.environment,
                cwd=self.spec.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=death_signal(self.spec.stop_signal),
                **self.spec.account.popen_kwargs(),
            )
        except OSError as error:
            self.process = None
            self.failures += 1
            self.restart_at = time.monotonic() + self._pause_seconds()
            self.output.line(self.name, f"could not be started: {error}")
            return
        self._reader = threading.Thread(target=self._read, args=[self.process], daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        log_path = self.log_folder / f"{self.name}.log"
        stream = process.stdout
        if stream is None:
            return
        with open(log_path, "ab", buffering=0) as log, stream:
            for raw in stream:
                with contextlib.suppress(OSError):
                    log.write(raw)
                self.output.line(self.name, raw.decode("utf-8", "replace").rstrip())

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.poll() is None

    def tend(self) -> None:
        """Look once: note a death, and restart when the pause is over."""
        if self.alive:
            if self.failures and time.monotonic() - self._started_at > STEADY_AFTER_SECONDS:
                self.failures = 0
            return
        now = time.monotonic()
        if not self.restart_at:
            code = self.process.returncode if self.process else None
            self.failures += 1
            pause = self._pause_seconds()
            self.restart_at = now + pause
            self.output.line(self.name, f"ended with code {code}; starting it again in {pause:g} s")
        elif now >= self.restart_at:
            self.start()

    def _pause_seconds(self) -> float:
        return min(FIRST_PAUSE_SECONDS * 2 ** max(self.failures - 1, 0), LONGEST_PAUSE_SECONDS)

    def stop(self) -> int | None:
        """Ask it to stop, wait, then kill its group. Returns the exit code."""
        process = self.process
        if process is None:
            return None
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.spec.stop_signal)
            try:
                process.wait(self.spec.patience_seconds)
            except subprocess.TimeoutExpired:
                self.output.line(self.name, f"did not stop in {self.spec.patience_seconds:g} s; killed")
                kill_group(process)
        if self._reader is not None:
            self._reader.join(2)
        return process.returncode


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End the process and everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
