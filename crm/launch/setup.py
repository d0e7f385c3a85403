"""What is done between "the services answer" and "the processes start": tables, static files, demo data."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from .children import Output, death_signal
from .errors import LaunchError
from .paths import BASE_DIR
from .users import Account

#: A line of loaddemo that says so is repeated whenever the system is ready.
WHO_CAN_SIGN_IN = "sign in"
DEMO = ("loaddemo", "--tickets", "2000", "--customers", "300", "--seed", "1")
OLDEST_POSTGRES = 15
STATIC_SUFFIXES_LEFT_OUT = {".py", ".pyc"}


class Stopped(Exception):
    """Somebody asked us to stop while the set-up was going on."""


class Steps:
    """Runs commands of manage.py one after the other, with their output under the prefix "setup"."""

    def __init__(
        self,
        output: Output,
        environment: Mapping[str, str],
        account: Account,
        is_stopping: Callable[[], bool],
        base: Path = BASE_DIR,
    ) -> None:
        self.output = output
        self.environment = dict(environment)
        self.account = account
        self.is_stopping = is_stopping
        self.base = base

    def start(self, *words: str) -> "Step":
        """Start `manage.py WORDS` without waiting."""
        return Step(self, words)

    def run(self, *words: str) -> list[str]:
        """Run `manage.py WORDS` and return its lines. Raises `LaunchError` or, when we are to stop, `Stopped`."""
        step = self.start(*words)
        step.finish()
        return step.lines


class Step:
    """One command that is running."""

    def __init__(self, steps: Steps, words: tuple[str, ...]) -> None:
        self.steps = steps
        self.words = words
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(steps.base / "manage.py"), *words],
            env=steps.environment,
            cwd=steps.base,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=death_signal(signal.SIGTERM),
            **steps.account.popen_kwargs(),
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        if self.process.stdout is not None:
            with self.process.stdout as lines:
                for raw in lines:
                    text = raw.decode("utf-8", "replace").rstrip()
                    self.lines.append(text)
                    self.steps.output.line("setup", text)

    def cancel(self) -> None:
        """End it now."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def finish(self) -> None:
        """Wait for it. Raises `LaunchError` or `Stopped`."""
        while self.process.poll() is None:
            if self.steps.is_stopping():
                self.cancel()
                raise Stopped
            time.sleep(0.03)
        self.reader.join(2)
        if self.process.returncode:
            raise LaunchError(f"manage.py {self.words[0]} failed (its output is above).")
        self.steps.output.line("setup", f"{self.words[0]} done in {time.monotonic() - self.began:.1f} s")


def applied_migrations(database_url: str) -> list[str]:
    """The migrations that the database has had; empty when it is new. Raises `LaunchError`."""
    import psycopg2

    try:
        connection = psycopg2.connect(database_url, connect_timeout=10)
    except psycopg2.ProgrammingError as error:
        # Its words repeat the whole address, with the password.
        raise LaunchError("DATABASE_URL is no address of the form postgres://user:password@host:5432/name.") from error
    except psycopg2.OperationalError as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise LaunchError(f"The database of DATABASE_URL does not answer: {reason}") from error
    try:
        if connection.server_version < OLDEST_POSTGRES * 10_000:
            found = connection.server_version // 10_000
            raise LaunchError(f"DATABASE_URL leads to PostgreSQL {found}; {OLDEST_POSTGRES} or newer is needed.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
            if cursor.fetchone()[0]:
                return []
            cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
            return [row[0] for row in cursor.fetchall()]
    finally:
        connection.close()


def check_broker(redis_url: str) -> None:
    """Raises `LaunchError` when nothing answers there. Later Redis may vanish; at the start it is a slip of the pen."""
    import redis

    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=10, socket_timeout=10) as client:
            client.ping()
    except ValueError as error:
        raise LaunchError("REDIS_URL is no address of the form redis://:password@host:6379/0.") from error
    except redis.RedisError as error:
        raise LaunchError(f"The Redis of REDIS_URL does not answer: {error}") from error


def static_fingerprint(base: Path = BASE_DIR) -> str:
    """Changes when a static file of the checkout or a package that brings some has changed."""
    return _fingerprint(base, _static_files(base))


def tables_fingerprint(applied: Iterable[str], base: Path = BASE_DIR) -> str:
    """Changes when code that could change tables or seeded rows has, or when the database is another one."""
    code = (path for path in base.glob("[!.]*/**/*.py") if "tests" not in path.parts)
    return _fingerprint(base, code, *applied)


def _fingerprint(base: Path, paths: Iterable[Path], *words: str) -> str:
    seen = hashlib.sha256((base / "requirements.txt").read_bytes())
    for path in sorted(paths):
        found = path.stat()
        seen.update(f"{path.relative_to(base)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    seen.update("\n".join(words).encode())
    return seen.hexdigest()


def _static_files(base: Path) -> Iterable[Path]:
    # Not ".local/static", which is where they are collected to.
    folders = [base / "static", *base.glob("[!.]*/static"), *base.glob("crm/*/static")]
    for folder in {folder.resolve() for folder in folders if folder.is_dir()}:
        for parent, _folders, names in os.walk(folder):
            for name in names:
                if Path(name).suffix not in STATIC_SUFFIXES_LEFT_OUT:
                    yield Path(parent) / name
