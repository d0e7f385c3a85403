"""The whole system as its own processes, on a database of its own: fixtures `stack` and `module_stack`.

    def test_reply_reaches_the_customer(stack, page):
        page.goto(stack.url + "/help/tickets/new/")
        ...
        stack.smtp.wait_for(lambda mail: "received" in mail["Subject"])

The test's own queries go to the same database. Do not combine with `db`, `transactional_db` or `live_server`.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from crm.launch.children import kill_group
from crm.launch.paths import BASE_DIR
from crm.launch.ports import any_free_port

from . import database
from .nursery import Forked, Nursery
from .smtp import SmtpSink

QUEUES = "urgent,default,bulk,reports"
READY_WITHIN_SECONDS = 60.0


class Address:
    """What every stack of this process shares, so that its processes can be forked from one: ports, folder, names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"crm_stack_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self.port = any_free_port()
        self.smtp_port = any_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        parts = urlsplit(database.server_url())
        self.nursery = Nursery(
            {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "crm.settings.test",
                "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self.database}")),
                "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
                "BASE_URL": self.url,
                "DATA_DIR": str(folder),
                "PYTHONUNBUFFERED": "1",
            }
        )

    def clear(self) -> None:
        """An empty folder again."""
        for entry in self.folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        for name in ("static", "media", "mail"):
            (self.folder / name).mkdir()


class Stack:
    """Web, worker and scheduler as processes; each can be stopped, killed and started again."""

    def __init__(self, template: str, address: Address) -> None:
        self.address = address
        self.folder = address.folder
        self.name = address.database
        self.template = template
        self.smtp = SmtpSink(address.smtp_port)
        self.url = address.url
        self.processes: dict[str, Forked] = {}

    def start(self) -> None:
        """A fresh database and an empty folder, then everything."""
        self.address.clear()
        database.clone(self.name, self.template)
        self.flush_redis()
        self.smtp.start()
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
        command = ["-m", "gunicorn", "crm.wsgi", "-b", f"127.0.0.1:{self.address.port}", "-w", "1", "--threads", "8"]
        self._spawn("web", [*command, "--no-control-socket", "--log-level", "warning"])
        if wait:
            self.wait_until(self._web_answers, "the web answers /healthz", READY_WITHIN_SECONDS)

    def start_worker(self, *, wait: bool = True) -> None:
        """A Celery worker with two processes on all queues."""
        command = ["-m", "celery", "-A", "crm", "worker", "-Q", QUEUES, "-c", "2", "-l", "INFO"]
        self._spawn("worker", [*command, "--without-mingle", "--without-gossip"])
        if wait:
            self.wait_until(self._worker_answers, "the worker answers", READY_WITHIN_SECONDS)

    def kill_worker(self) -> None:
        """End the worker and its pool at once, as a power cut would."""
        self._kill("worker")

    def start_scheduler(self) -> None:
        """`manage.py tick`."""
        self._spawn("scheduler", [str(BASE_DIR / "manage.py"), "tick"])

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

    def wait_until(self, condition: Callable[[], Any], what: str = "", timeout_seconds: float = 60) -> Any:
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
        self.processes[name] = self.address.nursery.begin(command, self.folder / f"{name}.log")

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
def running_stack(template: str, address: Address, blocker: Any) -> Iterator[Stack]:
    """A stack, with the process's own queries going to its database."""
    with blocker.unblock():
        stack = Stack(template, address)
        before = database.current_name()
        try:
            stack.start()
            database.point_to(stack.name)
            yield stack
        finally:
            database.point_to(before)
            stack.stop()


@pytest.fixture(scope="session")
def stack_address() -> Iterator[Address]:
    """Ports, folder and the process that the stacks of this session are forked from."""
    with tempfile.TemporaryDirectory(prefix="crm-stack-") as folder:
        address = Address(Path(folder))
        yield address
        address.nursery.close()


@pytest.fixture
def stack(
    django_db_setup: None, database_template: str, stack_address: Address, django_db_blocker: Any
) -> Iterator[Stack]:
    """The whole system for one test."""
    with running_stack(database_template, stack_address, django_db_blocker) as running:
        yield running


@pytest.fixture(scope="module")
def module_stack(
    django_db_setup: None, database_template: str, stack_address: Address, django_db_blocker: Any
) -> Iterator[Stack]:
    """The whole system for all tests of a module: quicker, and they see each other's data."""
    with running_stack(database_template, stack_address, django_db_blocker) as running:
        yield running
