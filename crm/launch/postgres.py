"""The embedded PostgreSQL: making its data folder, the command to run it, waiting until it answers."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .binaries import postgres_major
from .children import death_signal
from .errors import LaunchError
from .users import Account

ROLE = "crm"
NO_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


@dataclass(frozen=True)
class Postgres:
    """One server. `throw_away` trades durability for speed and is for tests only."""

    folder: Path
    bin_dir: Path
    account: Account
    port: int
    password: str
    throw_away: bool = False
    max_connections: int = 100

    def environment(self) -> dict[str, str]:
        """A small environment: the server must not read the caller's PG variables."""
        return {
            "PATH": f"{self.bin_dir}:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(self.folder),
        }

    def url(self, database: str = "crm") -> str:
        """How Django reaches a database of this server."""
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    def command(self) -> list[str]:
        """The server in the foreground: loopback only, no socket file."""
        options = [f"max_connections={self.max_connections}", "timezone=UTC", "log_timezone=UTC", "log_checkpoints=off"]
        if self.throw_away:
            options += NO_DURABILITY
        words = [
            str(self.bin_dir / "postgres"),
            "-D",
            str(self.folder),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-k",
            "",
        ]
        for option in options:
            words += ["-c", option]
        return words

    def initialise(self) -> None:
        """Make the data folder when there is none. A folder of another major version is refused.

        The work is done beside the final place and renamed, so a killed start leaves nothing half-made.
        """
        version_file = self.folder / "PG_VERSION"
        major = postgres_major(self.bin_dir)
        if version_file.exists():
            made_by = version_file.read_text().strip()
            if made_by != str(major):
                raise LaunchError(
                    f"{self.folder} was made by PostgreSQL {made_by}, the program here is {major}: set "
                    f"POSTGRES_BIN to the programs of {made_by}, or move that folder away to start empty."
                )
            return
        if self.folder.exists() and any(self.folder.iterdir()):
            raise LaunchError(f"{self.folder} is not a PostgreSQL data folder: move it away or set DATA_DIR.")
        draft = self.folder.with_name(f"{self.folder.name}.new")
        password_file = self.folder.with_name(f"{self.folder.name}.pw")
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own(draft)
        try:
            self._write_password(password_file)
            self._initdb(draft, password_file, major)
        finally:
            password_file.unlink(missing_ok=True)
        if self.folder.exists():
            self.folder.rmdir()
        draft.rename(self.folder)

    def _write_password(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(self.password + "\n")
        if self.account.uid is not None:
            os.chown(path, self.account.uid, self.account.gid or 0)

    def _initdb(self, draft: Path, password_file: Path, major: int) -> None:
        # Locale "C" would break the trigrams of Chinese text; the wheel has no ICU.
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
            if major >= 17
            else ["--locale=C.UTF-8"]
        )
        command = [str(self.bin_dir / "initdb"), "-D", str(draft), "-U", ROLE, "-E", "UTF8", *locale]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        if self.throw_away:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            env=self.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            preexec_fn=death_signal(signal.SIGKILL),
            **self.account.popen_kwargs(),
        )
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["no output"])[-1]
            raise LaunchError(f"PostgreSQL could not make its data folder {draft}: {last}")

    def answers(self) -> bool:
        """True when the server takes a connection with our password."""
        import psycopg2

        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=3).close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self, name: str = "crm") -> None:
        """Create the database when it is missing."""
        execute_on_server(self.url("postgres"), create_missing=name)

    def stop_leftover(self, patience_seconds: float = 10) -> None:
        """Ask the server of a killed supervisor to stop, and wait until it has."""
        pid_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + patience_seconds
        asked = False
        while time.monotonic() < deadline:
            try:
                pid = int(pid_file.read_text().split()[0])
            except (OSError, ValueError, IndexError):
                return
            if not _is_server_of(pid, self.folder):
                return
            if not asked:
                subprocess.run(
                    [str(self.bin_dir / "pg_ctl"), "-D", str(self.folder), "-m", "fast", "-W", "stop"],
                    env=self.environment(),
                    cwd="/",
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=False,
                    **self.account.popen_kwargs(),
                )
                asked = True
            time.sleep(0.1)


def _is_server_of(pid: int, folder: Path) -> bool:
    """True when the process is alive and its command line names the data folder."""
    shown = Path(f"/proc/{pid}/cmdline")
    if shown.parent.parent.joinpath("self").exists():
        try:
            return os.fsencode(folder) in shown.read_bytes()
        except OSError:
            return False
    listed = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(folder) in listed.stdout


def execute_on_server(url: str, *statements: str, create_missing: str = "") -> None:
    """Run statements outside a transaction (CREATE and DROP DATABASE demand it)."""
    import psycopg2
    from psycopg2 import sql

    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            if create_missing:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [create_missing])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(create_missing)))
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()
