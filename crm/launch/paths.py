"""Where things are: the checkout, the data folder and what lies in it. Standard library only."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from .errors import LaunchError

BASE_DIR = Path(__file__).resolve().parents[2]
SYSTEM_STATE = Path("/var/lib/open-crm")


def is_root() -> bool:
    """True when this process runs as root, which PostgreSQL refuses to do."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def default_data_dir() -> Path:
    """`DATA_DIR`, or `.local` in the checkout, or as root a system folder that other users may enter.

    The system folder is named after the checkout, so two checkouts do not share a database.
    """
    chosen = os.environ.get("DATA_DIR", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if not is_root():
        return BASE_DIR / ".local"
    mark = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]
    return SYSTEM_STATE / f"{BASE_DIR.name}-{mark}"


@dataclass(frozen=True)
class DataDir:
    """The data folder. Each property is one thing in it."""

    root: Path

    @property
    def state_file(self) -> Path:
        """Ports, secrets and, while it runs, the address and the connection strings."""
        return self.root / "run.json"

    @property
    def lock_file(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """The append-only file of Valkey."""
        return self.root / "valkey"

    @property
    def binaries(self) -> Path:
        """Copies of the service binaries, made only when their user cannot read the originals."""
        return self.root / "binaries"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.root / "logs"

    @property
    def mail(self) -> Path:
        """Outgoing mail as files, while EMAIL_URL is not set."""
        return self.root / "mail"

    def prepare(self) -> None:
        """Make the folder and check that it can be written. Raises `LaunchError`."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if is_root() and self.root.is_relative_to(SYSTEM_STATE):
                for folder in (SYSTEM_STATE, self.root):
                    folder.chmod(0o755)
            probe = self.root / ".writable"
            probe.write_text("")
            probe.unlink()
            for folder in (self.logs, self.mail):
                # Both hold what customers wrote.
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LaunchError(
                f"Cannot write to {self.root} ({error.strerror}): set DATA_DIR to a folder of your own."
            ) from error
