"""`bin/run`: services, set-up, then web, worker and scheduler, restarted when they die, stopped in order."""

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from types import FrameType

from .children import Child, Output, Spec
from .errors import LaunchError
from .paths import BASE_DIR, DataDir, default_data_dir
from .ports import web_port
from .services import Services
from .setup import (
    DEMO,
    WHO_CAN_SIGN_IN,
    Step,
    Steps,
    Stopped,
    applied_migrations,
    static_fingerprint,
    tables_fingerprint,
)
from .state import RUNNING, RunState, SupervisorLock
from .users import Account

STOP_ORDER = ("web", "scheduler", "worker", "valkey", "postgres")
QUEUES = "urgent,default,bulk,reports"
READY_WITHIN_SECONDS = 120.0


class Supervisor:
    """One running system."""

    def __init__(self, *, empty: bool = False, output: Output | None = None) -> None:
        self.empty = empty
        self.output = output or Output()
        self.data = DataDir(default_data_dir())
        self.lock = SupervisorLock(self.data)
        #: The signal that asked for the end.
        self.asked_by: signal.Signals | None = None
        self.children: list[Child] = []
        self.setup_code: Step | None = None
        self.host = os.environ.get("HOST", "").strip() or "127.0.0.1"
        self.began = time.monotonic()

    def run(self) -> None:
        """Everything, until a signal. Raises `LaunchError` with the line to show."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        self.data.prepare()
        self.lock.acquire()
        self.state = RunState(self.data)
        self.services = Services(self.data, self.state, self.output, self.is_stopping)
        try:
            self._bring_up()
            self._watch()
        except Stopped:
            pass
        finally:
            self._stop_all()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # Only noted: the signal may come while this thread holds the lock of the output, and would wait for itself.
        self.asked_by = self.asked_by or signal.Signals(number)

    def is_stopping(self) -> bool:
        """True from the first signal on."""
        return self.asked_by is not None

    def _bring_up(self) -> None:
        port = web_port(os.environ.get("PORT", "").strip(), self.host)
        shown_host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        self.address = f"http://{shown_host}:{port}"
        self.state.put(**{RUNNING: {"pid": os.getpid(), "address": self.address}})
        self.output.line("setup", f"data in {self.data.root}")
        try:
            self.services.start()
        finally:
            self.children += self.services.children
        self.state.put(database_url=self.services.database_url, redis_url=self.services.redis_url)
        self.account = self._application_account()
        self.environment = self._environment()
        self.output.line("setup", f"services answer after {self._elapsed()}")
        self._set_up()
        for spec in self._processes(port):
            self._check_stop()
            child = Child(spec, self.output, self.data.logs)
            self.children.append(child)
            child.start()
        self._wait_for_web()
        self._announce()

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self.began:.1f} s"

    def _check_stop(self) -> None:
        if self.is_stopping():
            raise Stopped

    def _application_account(self) -> Account:
        """Root hands web, worker and scheduler to the service user too, when that user can read the code."""
        as_we_are = Account(name="as we are")
        if not self.services.children or self.services.account.uid is None:
            return as_we_are
        account = self.services.account
        code = "import sys, os; os.chdir(sys.argv[1]); open('manage.py').close(); import django, crm"
        if not account.can_run([sys.executable, "-c", code, BASE_DIR]):
            return as_we_are
        for folder in (self.data.mail, self.data.root / "media", self.data.root / "static"):
            account.own(folder)
        return account

    def _environment(self) -> dict[str, str]:
        values = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE") or "crm.settings.dev",
            "DATABASE_URL": self.services.database_url,
            "REDIS_URL": self.services.redis_url,
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self.state.secret("secret_key"),
            "DATA_DIR": str(self.data.root),
            "BASE_URL": os.environ.get("BASE_URL") or self.address,
            "PATH": self.services.program_path,
            "PYTHONUNBUFFERED": "1",
        }
        # Five processes that each compile everything anew would double the time of a start.
        values.pop("PYTHONDONTWRITEBYTECODE", None)
        if self.account.uid is not None:
            values["HOME"] = str(self.data.root)
        elif os.geteuid() == 0:
            # The code lies where no other user may read it, so the worker has to run as root here.
            values["PYTHONWARNINGS"] = "ignore::UserWarning:celery.platforms"
        return values

    def _set_up(self) -> None:
        steps = Steps(self.output, self.environment, self.account, self.is_stopping)
        applied = applied_migrations(self.services.database_url)
        if not applied:
            self.state.put(demo="none" if self.empty else "wanted")
        fingerprint = static_fingerprint()
        static = None
        if self.state.get("static") != fingerprint or not (self.data.root / "static").is_dir():
            static = steps.start("collectstatic", "--noinput", "-v0")
        try:
            if self.state.get("tables") != tables_fingerprint(applied):
                steps.run("migrate", "--noinput", "-v0")
                self.state.put(tables=tables_fingerprint(applied_migrations(self.services.database_url)))
            if static:
                static.finish()
                self.state.put(static=fingerprint)
        except BaseException:
            if static:
                static.cancel()
            raise
        if self.state.get("demo") == "wanted" and not self.empty:
            self._load_demo(steps)
        if self.state.get("demo") != "loaded" and not self.state.get("begun"):
            # Said when the web answers; so long it is worked out beside the processes that start.
            self.setup_code = steps.start("setupcode")

    def _load_demo(self, steps: Steps) -> None:
        # In one transaction: a start that is killed here leaves nothing of it, and the next one begins again.
        try:
            lines = steps.run(*DEMO)
        except LaunchError as error:
            self.output.line("setup", f"{error} Going on without demo data.")
            self.state.put(demo="failed")
        else:
            who = [line for line in lines if WHO_CAN_SIGN_IN in line.lower()]
            self.state.put(demo="loaded", demo_lines=who)

    def _processes(self, port: int) -> list[Spec]:
        python = sys.executable
        bind = f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"
        web = [python, "-m", "gunicorn", "crm.wsgi", "--bind", bind, "--workers", "2", "--threads", "4", "--preload"]
        web += ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
        worker = [
            python,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "crm",
            "worker",
            "-Q",
            QUEUES,
            "-c",
            "2",
            "--loglevel",
            "INFO",
        ]
        worker += ["--without-mingle", "--without-gossip"]
        commands = {
            "web": [
                *web,
                "--no-control-socket",
                "--max-requests",
                "5000",
                "--max-requests-jitter",
                "500",
                "--log-level",
                "warning",
            ],
            "worker": worker,
            "scheduler": [python, str(BASE_DIR / "manage.py"), "tick"],
        }
        return [Spec(name, command, self.environment, BASE_DIR, self.account) for name, command in commands.items()]

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._web_answers():
            self._check_stop()
            if time.monotonic() > deadline:
                self.output.line("setup", f"the web does not answer; see {self.data.logs / 'web.log'}")
                return
            self._tend()
            time.sleep(0.05)

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            return False

    def _announce(self) -> None:
        lines = [f"ready after {self._elapsed()}: {self.address}"]
        if self.state.get("demo") == "loaded":
            lines += self.state.get("demo_lines", [])
        lines += self._how_to_begin()
        lines.append("Ctrl-C stops everything")
        for text in lines:
            self.output.line("setup", text)

    def _how_to_begin(self) -> list[str]:
        """The link and the code for the first administrator, until there is one."""
        if self.setup_code is None:
            return []
        self.setup_code.finish()
        lines = [line for line in self.setup_code.lines if " at http" in line or "code is" in line]
        if not lines:
            self.state.put(begun=True)
        return lines

    def _tend(self) -> None:
        for child in self.children:
            child.tend()

    def _watch(self) -> None:
        while not self.is_stopping():
            self._tend()
            time.sleep(0.25)

    def _stop_all(self) -> None:
        if self.asked_by:
            self.output.line("setup", f"stopping ({self.asked_by.name})")
        by_name = {child.name: child for child in self.children}
        for name in STOP_ORDER:
            child = by_name.get(name)
            if child is not None and child.process is not None:
                code = child.stop()
                self.output.line("setup", f"{name} stopped ({code})")
        self.state.put(**{RUNNING: None, "database_url": None, "redis_url": None})
        self.lock.release()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit code 0 after a stop that was asked for, 1 after a line that says what is wrong."""
    parser = argparse.ArgumentParser(prog="bin/run", description="Start the whole system on this machine.")
    parser.add_argument("--empty", action="store_true", help="start without demo data on the first run")
    options = parser.parse_args(arguments)
    output = Output()
    try:
        Supervisor(empty=options.empty, output=output).run()
    except LaunchError as error:
        output.line("setup", str(error))
        return 1
    except OSError as error:
        # The disk is full, or somebody took the folder away.
        output.line("setup", f"Stopped by the system: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
