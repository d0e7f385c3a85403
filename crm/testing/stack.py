"""The whole system as its own processes, on a database of its own: fixtures `stack` and `module_stack`.

    def test_reply_reaches_the_customer(stack, page):
        page.goto(stack.url + "/help/tickets/new/")
        ...
        stack.smtp.wait_for(lambda mail: "received" in mail["Subject"])

The test's own queries go to the same database. Do not combine with `db`, `transactional_db` or `live_server`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from crm.launch.children import death_signal, kill_group
from crm.launch.paths import BASE_DIR
from crm.launch.ports import any_free_port

from . import database
from .smtp import SmtpSink

QUEUES = "urgent,default,bulk,reports"
READY_WITHIN_SECONDS = 60.0


class Stack:
    """Web, worker and scheduler as processes; each can be stopped, killed and started again."""

    def __init__(self, template: str, folder: Path) -> None:
        self.folder = folder
        self.name = f"crm_stack_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self.template = template
        self.smtp = SmtpSink()
        self.port = any_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        #: Change before `start_…` to run a process with other settings.
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """A fresh database, then everything."""
        database.clone(self.name, self.template)
        self.flush_redis()
        self.smtp.start()
        parts = urlsplit(database.server_url())
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "crm.settings.test",
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self.name}")),
            "EMAIL_URL": self.smtp.url,
            "BASE_URL": self.url,
            "DATA_DIR": str(self.folder),
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("static", "media", "mail"):
            (self.folder / name).mkdir(exist_ok=True)
        self.start_web(wait=False)
        self.start_scheduler()
        self.start_worker(wait=False)
        self.wait_until(self._web_answers, "the web answers /healthz", READY_WITHIN_SECONDS)
        self.wait_until(self._worker_answers, "the worker answers", READY_WITHIN_SECONDS)

    def stop(self) -> None:
        """End every process and drop the database."""
        for name in list(self.processes):
            self._kill(name)
        with contextlib.suppress(Exception):
            self.smtp.stop()
        database.drop(self.name)

    def start_web(self, *, wait: bool = True) -> None:
        """gunicorn with one process."""
        command = ["-m", "gunicorn", "crm.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", "1", "--threads", "8"]
        self._spawn("web", [sys.executable, *command, "--no-control-socket", "--log-level", "warning"])
        if wait:
            self.wait_until(self._web_answers, "the web answers /healthz", READY_WITHIN_SECONDS)

    def stop_web(self) -> None:
        """Stop the web in the ordinary way."""
        self._terminate("web")

    def start_worker(self, *, wait: bool = True) -> None:
        """A Celery worker with two processes on all queues."""
        command = ["-m", "celery", "-A", "crm", "worker", "-Q", QUEUES, "-c", "2", "-l", "INFO"]
        self._spawn("worker", [sys.executable, *command, "--without-mingle", "--without-gossip"])
        if wait:
            self.wait_until(self._worker_answers, "the worker answers", READY_WITHIN_SECONDS)

    def stop_worker(self) -> None:
        """Stop the worker in the ordinary way: it finishes what it is doing."""
        self._terminate("worker")

    def kill_worker(self) -> None:
        """End the worker and its pool at once, as a power cut would."""
        self._kill("worker")

    def start_scheduler(self) -> None:
        """`manage.py tick`."""
        self._spawn("scheduler", [sys.executable, str(BASE_DIR / "manage.py"), "tick"])

    def stop_scheduler(self) -> None:
        """Stop the scheduler in the ordinary way."""
        self._terminate("scheduler")

    def flush_redis(self) -> None:
        """Forget everything that the broker holds."""
        import redis

        client = redis.Redis.from_url(os.environ["REDIS_URL"])
        client.flushdb()
        client.close()

    def is_running(self, name: str) -> bool:
        """True while "web", "worker" or "scheduler" runs."""
        process = self.processes.get(name)
        return process is not None and process.poll() is None

    def wait_until(self, condition: Callable[[], Any], what: str = "", timeout_seconds: float = 20) -> Any:
        """Look until the condition gives something true; return that. Raises AssertionError with the logs."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout_seconds} s: {what or condition}\n{self.logs()}")
            time.sleep(0.05)

    def logs(self, characters: int = 3000) -> str:
        """The end of each process's output."""
        parts = [
            f"--- {path.stem}\n{path.read_text(errors='replace')[-characters:]}"
            for path in sorted(self.folder.glob("*.log"))
        ]
        return "\n".join(parts)

    def _web_answers(self) -> bool:
        self._raise_if_ended("web")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _worker_answers(self) -> bool:
        from crm.celery import app

        self._raise_if_ended("worker")
        return bool(app.control.ping(timeout=0.3))

    def _raise_if_ended(self, name: str) -> None:
        if not self.is_running(name):
            raise AssertionError(f"{name} ended by itself\n{self.logs()}")

    def _spawn(self, name: str, command: list[str]) -> None:
        if self.is_running(name):
            raise AssertionError(f"{name} runs already")
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env=self.environment,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=death_signal(signal.SIGTERM),
            )

    def _terminate(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            kill_group(process)
            raise AssertionError(f"{name} did not stop when asked to\n{self.logs()}") from None

    def _kill(self, name: str) -> None:
        kill_group(self.processes.pop(name))


@contextlib.contextmanager
def running_stack(template: str, blocker: Any) -> Iterator[Stack]:
    """A stack, with the process's own queries going to its database."""
    with tempfile.TemporaryDirectory(prefix="crm-stack-") as folder, blocker.unblock():
        stack = Stack(template, Path(folder))
        before = database.current_name()
        try:
            stack.start()
            database.point_to(stack.name)
            yield stack
        finally:
            database.point_to(before)
            stack.stop()


@pytest.fixture
def stack(django_db_setup: None, database_template: str, django_db_blocker: Any) -> Iterator[Stack]:
    """The whole system for one test."""
    with running_stack(database_template, django_db_blocker) as running:
        yield running


@pytest.fixture(scope="module")
def module_stack(django_db_setup: None, database_template: str, django_db_blocker: Any) -> Iterator[Stack]:
    """The whole system for all tests of a module: quicker, and they see each other's data."""
    with running_stack(database_template, django_db_blocker) as running:
        yield running
