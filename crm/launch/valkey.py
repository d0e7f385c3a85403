"""The embedded Valkey (it speaks Redis): its settings file, the command, waiting until it answers."""

import contextlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from .users import Account


@dataclass(frozen=True)
class Valkey:
    """One server. `throw_away` keeps nothing on disk and is for tests only."""

    folder: Path
    program: Path
    account: Account
    port: int
    password: str
    throw_away: bool = False

    @property
    def settings_file(self) -> Path:
        """The password is in a file, because everybody can read a command line."""
        return self.folder / "valkey.conf"

    def initialise(self) -> None:
        """Write the settings file, readable by the service's user only."""
        self.account.own(self.folder)
        keep = "no" if self.throw_away else "yes"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            f"appendonly {keep}",
            "appendfsync everysec",
            'save ""',
            # A broker must refuse rather than forget.
            "maxmemory-policy noeviction",
            "databases 128",
            "daemonize no",
            "loglevel warning",
        ]
        self.settings_file.unlink(missing_ok=True)
        descriptor = os.open(self.settings_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write("\n".join(lines) + "\n")
        if self.account.uid is not None:
            os.chown(self.settings_file, self.account.uid, self.account.gid or 0)

    def command(self) -> list[str]:
        """The server in the foreground."""
        return [str(self.program), str(self.settings_file)]

    def environment(self) -> dict[str, str]:
        """A small environment of its own."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}

    def url(self, database: int = 0) -> str:
        """How Celery reaches one of the numbered databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def answers(self) -> bool:
        """True when the server takes our password and has read its file."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
            link.settimeout(2)
            link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2:
                part = link.recv(256)
                if not part:
                    return False
                heard += part
            return heard.startswith(b"+OK\r\n+PONG")
        return False
