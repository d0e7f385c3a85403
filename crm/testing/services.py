"""pytest plugin: throw-away PostgreSQL and Valkey, started before Django reads its settings.

Loaded by `-p crm.testing.services` in pytest.ini. TEST_DATABASE_URL and TEST_REDIS_URL name running servers
to use instead. DATABASE_URL and REDIS_URL of the caller are never used: tests drop databases.
"""

import atexit
import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from crm.launch.binaries import readable_pg_bin, readable_valkey_bin
from crm.launch.children import death_signal
from crm.launch.ports import any_free_port
from crm.launch.postgres import Postgres
from crm.launch.users import service_account
from crm.launch.valkey import Valkey
from crm.testing import network

#: Set in the process that started the services; xdist's workers inherit it and start nothing.
OWNER = "CRM_TEST_SERVICES_OWNER"
READY_WITHIN_SECONDS = 30.0
#: One test of the slow tier may walk every screen; the limit of all others stands in pytest.ini.
SLOW_WITHIN_SECONDS = 3600
#: Fixtures of tests that take seconds: processes, a browser, every address of the product.
LONG = frozenset({"stack", "module_stack", "browser", "world"})


class ThrowAway:
    """One PostgreSQL and one Valkey in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="crm-test-"))
        self.folder.chmod(0o755)
        self.processes: list[tuple[subprocess.Popen[bytes], int]] = []
        self.account = service_account()

    def start_postgres(self) -> str:
        """Start it and return its URL (database `postgres`)."""
        server = Postgres(
            folder=self.folder / "postgres",
            bin_dir=readable_pg_bin(self.account, self.folder / "binaries"),
            account=self.account,
            port=any_free_port(),
            password="throw-away",
            throw_away=True,
            max_connections=200,
        )
        server.initialise()
        self._spawn("postgres", server.command(), server.environment(), signal.SIGQUIT)
        self._wait(server.answers)
        os.environ["PATH"] = f"{server.bin_dir}:{os.environ.get('PATH', '')}"
        return server.url("postgres")

    def start_valkey(self) -> str:
        """Start it and return its URL without a database number."""
        server = Valkey(
            folder=self.folder / "valkey",
            program=readable_valkey_bin(self.account, self.folder / "binaries"),
            account=self.account,
            port=any_free_port(),
            password="throw-away",
            throw_away=True,
        )
        server.initialise()
        self._spawn("valkey", server.command(), server.environment(), signal.SIGKILL)
        self._wait(server.answers)
        return server.url().rsplit("/", 1)[0]

    def _spawn(self, name: str, command: list[str], environment: dict[str, str], stop: int) -> None:
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=death_signal(stop),
                **self.account.popen_kwargs(),
            )
        self.processes.append((process, stop))

    def _wait(self, answers: object) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not answers():  # type: ignore[operator]
            if time.monotonic() > deadline or any(process.poll() is not None for process, _ in self.processes):
                logs = "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
                raise pytest.UsageError(f"The test services did not start.\n{logs[-4000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop at once (nothing has to be kept) and delete the folder."""
        for process, number in self.processes:
            if process.poll() is None:
                process.send_signal(number)
        for process, _number in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _start() -> None:
    services = ThrowAway()
    owner = os.getpid()

    def stop() -> None:
        # A process forked by a test must not end the services of its parent.
        if os.getpid() == owner:
            services.stop()

    atexit.register(stop)
    database_url = os.environ.get("TEST_DATABASE_URL", "").strip() or services.start_postgres()
    redis_url = os.environ.get("TEST_REDIS_URL", "").strip() or services.start_valkey()
    for folder in ("data", "data/static", "data/media", "data/mail"):
        (services.folder / folder).mkdir(exist_ok=True)
    os.environ.update(
        {
            OWNER: str(owner),
            "DATABASE_URL": database_url,
            "CRM_TEST_REDIS": redis_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(services.folder / "data"),
        }
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Before pytest-django imports the settings."""
    for name in ("EMAIL_URL", "BASE_URL", "SECRET_KEY", "MEDIA_ROOT", "STATIC_ROOT", "LOG_LEVEL"):
        os.environ.pop(name, None)
    if OWNER not in os.environ:
        _start()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    if os.environ.get("CRM_TEST_REDIS"):
        os.environ["REDIS_URL"] = redis_database_url(number)
    return (yield)


def redis_database_url(number: int) -> str:
    """One of the numbered databases: 0 without xdist, 1.. for its workers, from 32 on for stacks."""
    return f"{os.environ['CRM_TEST_REDIS'].rstrip('/')}/{number}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all` adds the slow tier."""
    parser.addoption("--all", action="store_true", dest="all_tiers", help="also run tests marked slow")


def pytest_configure(config: pytest.Config) -> None:
    """Markers, and the wall around the network."""
    config.addinivalue_line("markers", "slow: left out unless --all is given")
    config.addinivalue_line("markers", "browser: needs Chromium")
    config.addinivalue_line("markers", "first_run: nobody has set this product up yet")
    config.addinivalue_line("markers", "console_errors_expected: this page's script errors are part of the test")
    network.block()
    # A busy machine is no fault of what is tested.
    hypothesis.settings.register_profile("crm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("crm")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long files first, so that no worker ends alone with one of them; the slow tier is left out, visibly."""
    long = {item.path for item in items if LONG.intersection(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path not in long)
    slow = [item for item in items if item.get_closest_marker("slow")]
    for item in slow:
        item.add_marker(pytest.mark.timeout(SLOW_WITHIN_SECONDS))
    if config.getoption("all_tiers") or config.getoption("markexpr"):
        return
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_collection_finish() -> None:
    """What was imported stays for the whole run: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def demo_database_name() -> str:
    """The database with the demo that all processes of this run share."""
    return f"crm_demo_{os.environ[OWNER]}"


def pytest_unconfigure() -> None:
    """A server that outlives the run keeps nothing of it; ours is thrown away whole."""
    if os.environ.get(OWNER) == str(os.getpid()) and os.environ.get("TEST_DATABASE_URL"):
        from crm.launch.postgres import execute_on_server

        name = demo_database_name()
        execute_on_server(os.environ["DATABASE_URL"], f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Checks of bin/test that failed before the tests began, just above the last line."""
    failed = os.environ.get("CRM_FAILED_CHECKS", "")
    if failed:
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed)
