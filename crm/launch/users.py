"""The user that the services run as. PostgreSQL refuses root, so root hands over to a system user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import LaunchError
from .paths import is_root

SERVICE_USER = "open-crm"


@dataclass(frozen=True)
class Account:
    """Whom a child process runs as; `uid` is None for "as we are"."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def popen_kwargs(self) -> dict[str, Any]:
        """The arguments of subprocess that switch the user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path, mode: int = 0o700) -> Path:
        """Make the folder with this account as its owner."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        if self.uid is not None and path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)
        path.chmod(mode)
        return path

    def can_run(self, command: Sequence[str | Path], timeout_seconds: float = 20) -> bool:
        """True when the command ends well as this account, started from the root folder."""
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                timeout=timeout_seconds,
                check=False,
                **self.popen_kwargs(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """True when this account may work in the folder (every parent lets it through)."""
        return self.can_run(["/bin/sh", "-c", 'cd "$0"', folder])


def service_account() -> Account:
    """Ourselves; as root the system user `open-crm`, made when missing, otherwise `nobody`.

    Raises `LaunchError` naming DATABASE_URL when root can become neither.
    """
    if not is_root():
        return Account(name=pwd.getpwuid(os.geteuid()).pw_name if _has_entry() else "this user")
    for account in _candidates():
        if account.can_run(["/bin/sh", "-c", "exit 0"]):
            return account
    raise LaunchError(
        "PostgreSQL does not run as root and no other user can be switched to here: "
        "start as an ordinary user, or set DATABASE_URL to a PostgreSQL that already runs."
    )


def _has_entry() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def _candidates() -> list[Account]:
    if not _known(SERVICE_USER) and shutil.which("useradd", path=_system_path()):
        subprocess.run(
            [
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                SERVICE_USER,
            ],
            env={"PATH": _system_path()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return [_account(name) for name in (SERVICE_USER, "nobody") if _known(name)]


def _system_path() -> str:
    return "/usr/sbin:/usr/bin:/sbin:/bin"


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _account(name: str) -> Account:
    entry = pwd.getpwnam(name)
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
