"""Which PostgreSQL and which Redis this run uses: those of the environment, or embedded ones."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .binaries import readable_pg_bin, readable_valkey_bin
from .children import Child, Output, Spec
from .errors import LaunchError
from .paths import DataDir
from .ports import keep_or_choose
from .postgres import Postgres
from .setup import Stopped, applied_migrations, check_broker
from .state import RunState
from .users import Account, service_account
from .valkey import Valkey

READY_WITHIN_SECONDS = 30.0


@dataclass
class Services:
    """The connection strings in use, and the children that stand behind them (none when external)."""

    data: DataDir
    state: RunState
    output: Output
    is_stopping: Callable[[], bool]
    database_url: str = ""
    redis_url: str = ""
    children: list[Child] = field(default_factory=list)
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    _account: Account | None = None

    def start(self) -> None:
        """Start what the environment does not name, and wait until all of it answers."""
        self.database_url = os.environ.get("DATABASE_URL", "").strip()
        self.redis_url = os.environ.get("REDIS_URL", "").strip()
        # What the environment names is asked first: nothing has to be stopped again when it is wrong.
        if self.database_url:
            applied_migrations(self.database_url)
        if self.redis_url:
            check_broker(self.redis_url)
        if not self.database_url:
            self._start_postgres()
        if not self.redis_url:
            self._start_valkey()
        if self.postgres:
            self._wait("postgres", self.postgres.answers)
            self.postgres.ensure_database()
        if self.valkey:
            self._wait("valkey", self.valkey.answers)

    @property
    def account(self) -> Account:
        """Whom the services run as."""
        if self._account is None:
            self._account = service_account()
        return self._account

    @property
    def program_path(self) -> str:
        """PATH with the server's own tools first, so that backups use the right pg_dump."""
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return f"{self.postgres.bin_dir}:{path}" if self.postgres else path

    def _start_postgres(self) -> None:
        self._check_entry()
        port = keep_or_choose(self.state.get("postgres_port"))
        self.postgres = Postgres(
            folder=self.data.postgres,
            bin_dir=readable_pg_bin(self.account, self.data.binaries),
            account=self.account,
            port=port,
            password=self.state.secret("postgres_password"),
        )
        self.postgres.initialise()
        self.postgres.stop_leftover()
        self.state.put(postgres_port=port)
        self.database_url = self.postgres.url()
        # SIGINT is PostgreSQL's "fast" shutdown: it ends the connections and writes everything down.
        self._add("postgres", self.postgres.command(), self.postgres.environment(), Path("/"), signal.SIGINT)

    def _start_valkey(self) -> None:
        self._check_entry()
        port = keep_or_choose(self.state.get("valkey_port"))
        self.valkey = Valkey(
            folder=self.data.valkey,
            program=readable_valkey_bin(self.account, self.data.binaries),
            account=self.account,
            port=port,
            password=self.state.secret("valkey_password"),
        )
        self.valkey.initialise()
        self.state.put(valkey_port=port)
        self.redis_url = self.valkey.url()
        self._add("valkey", self.valkey.command(), self.valkey.environment(), self.data.valkey, signal.SIGTERM)

    def _check_entry(self) -> None:
        if self.account.uid is not None and not self.account.can_enter(self.data.root):
            raise LaunchError(
                f"User {self.account.name}, who runs the services, may not enter {self.data.root}: "
                "set DATA_DIR to a folder that every user may enter, such as one below /var/lib."
            )

    def _add(self, name: str, command: list[str], environment: dict[str, str], folder: Path, stop: int) -> None:
        spec = Spec(name, command, environment, folder, self.account, stop, patience_seconds=30)
        child = Child(spec, self.output, self.data.logs)
        self.children.append(child)
        child.start()

    def _wait(self, name: str, answers: Callable[[], bool]) -> None:
        """Until it answers. A failed start is tried again: the last one's processes may still be ending."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not answers():
            if self.is_stopping():
                raise Stopped
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"{name} did not start in {READY_WITHIN_SECONDS:.0f} s: see {self.data.logs / name}.log."
                )
            for child in self.children:
                child.tend()
            time.sleep(0.05)
