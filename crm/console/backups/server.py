"""One database of one PostgreSQL server, and the client programs that fit it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import dj_database_url
import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from crm.launch.binaries import pg_bin
from crm.launch.errors import LaunchError

from .errors import BackupError

#: What of Django's OPTIONS the client programs understand too.
_LIBPQ = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service", "options", "connect_timeout"})
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Server:
    """How to reach a database: libpq parameters by name. The password never stands on a command line."""

    parameters: Mapping[str, str] = field(repr=False)

    @classmethod
    def of_django(cls) -> Server:
        """The database that this product uses."""
        return cls._of_settings(connections[DEFAULT_DB_ALIAS].settings_dict)

    @classmethod
    def of_url(cls, url: str) -> Server:
        """A database by its address. Raises `BackupError` for an address of another kind."""
        try:
            parsed = dict(dj_database_url.parse(url))
        except (ValueError, KeyError) as error:
            raise BackupError("The database address must look like postgres://user:password@host:5432/name.") from error
        if not str(parsed.get("ENGINE", "")).endswith("postgresql") or not parsed.get("NAME"):
            raise BackupError("The database address must look like postgres://user:password@host:5432/name.")
        return cls._of_settings(parsed)

    @classmethod
    def _of_settings(cls, values: Mapping[str, Any]) -> Server:
        named = {key: values.get(key.upper()) for key in ("user", "password", "host", "port")}
        more = {key: value for key, value in (values.get("OPTIONS") or {}).items() if key in _LIBPQ}
        found = {"dbname": values["NAME"], **named, **more}
        return cls({key: str(value) for key, value in found.items() if value not in (None, "")})

    @property
    def database(self) -> str:
        return self.parameters["dbname"]

    def named(self, database: str) -> Server:
        """Another database of the same server."""
        return replace(self, parameters={**self.parameters, "dbname": database})

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection of its own, closed at the end. Raises `BackupError` when the server does not let us in."""
        try:
            connection = psycopg2.connect(**self.parameters)
        except psycopg2.OperationalError as error:
            raise BackupError(f"The database does not answer: {str(error).strip().splitlines()[-1]}") from error
        with closing(connection):
            yield connection

    def execute(self, *statements: sql.Composable | str) -> None:
        """Runs statements one by one, outside a transaction, as CREATE and DROP DATABASE demand."""
        with self.connected() as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    @property
    def major(self) -> int:
        """The server's major version."""
        with self.connected() as connection:
            return int(connection.server_version) // 10_000

    def run(self, program: str, *arguments: str, oldest: int, data: IO[bytes] | None = None) -> None:
        """Runs a client program against this database. oldest: the major version that can do the work.

        data goes to its standard input. Raises `BackupError` with the program's last words.
        """
        password = self.parameters.get("password")
        dsn = make_dsn(**{key: value for key, value in self.parameters.items() if key != "password"})
        environment = {**_clean_environment(), **({"PGPASSWORD": password} if password else {})}
        command = [str(client_program(program, oldest)), f"--dbname={dsn}", "--no-password", *arguments]
        with tempfile.TemporaryFile() as words:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE if data else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
            )
            _feed(process, data)
            if process.wait():
                words.seek(0)
                said = [line for line in words.read().decode(errors="replace").splitlines() if line.strip()]
                raise BackupError(f"{program} failed: {said[0] if said else f'exit code {process.returncode}'}")


def _feed(process: subprocess.Popen[bytes], data: IO[bytes] | None) -> None:
    """Hands over the data; a program that ended early tells why by its exit code."""
    if data is None or process.stdin is None:
        return
    try:
        with process.stdin as pipe:
            shutil.copyfileobj(data, pipe, 1024 * 1024)
    except BrokenPipeError:
        return


def _clean_environment() -> dict[str, str]:
    """Ours without PG variables, which would point elsewhere; English words, so that messages can be read."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def client_program(name: str, oldest: int) -> Path:
    """`pg_dump` or `pg_restore` of the version asked for, else of the nearest newer one.

    Looked for beside the server's programs (environment, wheel), among the system's versions, on PATH: a
    machine's own pg_dump is often older than the server and then refuses. Raises `BackupError`.
    """
    found = sorted({(client_major(path), str(path)) for path in _candidates(name)})
    for major, path in found:
        if major >= oldest:
            return Path(path)
    have = ", ".join(str(major) for major, _path in found) or "none"
    raise BackupError(
        f"{name} {oldest} or newer is needed, here is {have}: install the PostgreSQL {oldest} client programs "
        "or set POSTGRES_BIN to the folder that has them."
    )


def _candidates(name: str) -> Iterator[Path]:
    folders = [Path(os.environ["POSTGRES_BIN"])] if os.environ.get("POSTGRES_BIN") else []
    with suppress(LaunchError):  # only the client programs may be installed here
        folders.append(pg_bin())
    folders += sorted(_SYSTEM.glob("*/bin"))
    on_path = shutil.which(name)
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / name).is_file():
            yield folder / name


def client_major(program: Path) -> int:
    """The major version that a client program says it is; 0 when it does not say."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return 0
    words = done.stdout.split()
    digits = words[2].split(".")[0] if len(words) > 2 else ""
    return int(digits) if digits.isdigit() else 0
