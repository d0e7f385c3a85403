"""A process that has imported the whole product and begins others by forking itself.

Web, worker and scheduler of one stack need ten seconds of a processor to import everything; a fork needs none.
`Nursery` is the side of the tests; run as a module it is the process itself: it reads one JSON object a line,
`{"command": ["-m", "gunicorn", …], "log": "/path"}`, and answers with the pid.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

from crm.launch.children import death_signal
from crm.launch.paths import BASE_DIR


class Forked:
    """A process that the nursery began: as much of `subprocess.Popen` as tests need."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs. The code with which it ended is not known, so it is always 0."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def terminate(self) -> None:
        """Ask it to stop."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout_seconds: float) -> int:
        """Until it has ended. Raises `subprocess.TimeoutExpired`."""
        deadline = time.monotonic() + timeout_seconds
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout_seconds)
            time.sleep(0.01)
        return 0


class Nursery:
    """Begins processes that all have the environment it was made with."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crm.testing.nursery"],
            env=environment,
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=death_signal(signal.SIGTERM),
        )

    def begin(self, command: list[str], log: Path) -> Forked:
        """Run `python …` with the output at the end of the log."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"command": command, "log": str(log)}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError("the nursery has ended")
        return Forked(int(answer))

    def close(self) -> None:
        """End it; what it began runs on."""
        self._process.kill()
        self._process.communicate()


def _import_everything() -> None:
    import celery.bin.worker
    import celery.concurrency.prefork
    import celery.worker
    import django
    import gunicorn.app.wsgiapp
    import gunicorn.workers.gthread
    from django.urls import get_resolver

    django.setup()
    import crm.celery
    import crm.wsgi

    crm.celery.app.loader.import_default_modules()
    assert get_resolver().url_patterns and celery.worker and gunicorn.workers.gthread


def _become(command: list[str], log: str) -> None:
    """In the child: a group and an output of its own, then the program."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    arm = death_signal(signal.SIGTERM)
    if arm:
        arm()
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")


def main() -> None:
    """Until the standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children itself
    _import_everything()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            answers.close()
            _become(asked["command"], asked["log"])
            sys.exit(0)
        print(pid, file=answers, flush=True)


if __name__ == "__main__":
    main()
