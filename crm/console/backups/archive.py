"""Writing and reading the tar: every member with size and SHA-256, the manifest last."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from .counting import TableCount
from .errors import BackupError

#: Grows when an older product could no longer read the archive.
FORMAT = 1
DUMP, MANIFEST, CHECKSUM, FILES = "database.dump", "manifest.json", "manifest.sha256", "files/"
_CHUNK = 1024 * 1024
_DAMAGED = "the archive is damaged. Use another one."


@dataclass(frozen=True, slots=True)
class Member:
    """A member's size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What is in an archive. created_at: ISO 8601, UTC. dump_major: the version of pg_dump that wrote the dump.

    missing: contents that rows name and that were not on disk, or not as recorded, when the archive was made.
    """

    created_at: str
    revision: str
    server_major: int
    dump_major: int
    migrations: list[str]
    tables: dict[str, TableCount]
    sequences: dict[str, int]
    members: dict[str, Member] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def of_json(cls, text: bytes) -> Manifest:
        """Raises `BackupError` for another format or something that is no manifest."""
        try:
            values: dict[str, Any] = json.loads(text)
            if values["format"] != FORMAT:
                raise BackupError(
                    f"This archive has format {values['format']}, this product reads format {FORMAT}: "
                    "restore it with the revision that made it."
                )
            values["tables"] = {name: TableCount(**entry) for name, entry in values["tables"].items()}
            values["members"] = {name: Member(**entry) for name, entry in values["members"].items()}
            return cls(**values)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError("The archive's manifest cannot be read: the archive is damaged.") from error


class Hashing:
    """A file for reading that adds up the SHA-256 of what was read."""

    def __init__(self, file: IO[bytes]):
        self._file, self._sha = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._sha.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()


class ArchiveWriter:
    """Members under way; see `writing`."""

    def __init__(self, tar: tarfile.TarFile):
        self._tar = tar
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> Member:
        """Copies a file into the archive. Raises `FileNotFoundError` when it is gone."""
        with path.open("rb") as file:
            return self._write(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, manifest: Manifest) -> None:
        """Writes the manifest and its checksum, the last two members."""
        manifest.members = dict(self.members)
        text = manifest.to_json()
        self._write_bytes(MANIFEST, text)
        self._write_bytes(CHECKSUM, hashlib.sha256(text).hexdigest().encode() + b"\n")

    def _write_bytes(self, name: str, content: bytes) -> None:
        self._write(name, io.BytesIO(content), len(content))

    def _write(self, name: str, file: IO[bytes], size: int) -> Member:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        source = Hashing(file)
        self._tar.addfile(entry, source)  # type: ignore[arg-type]
        self.members[name] = Member(size, source.sha256)
        return self.members[name]


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """The archive appears under its name, readable by its owner only, once all of it is on disk; else nothing does.

    Raises `BackupError` when the name is taken.
    """
    if path.exists():
        raise BackupError(f"{path} exists already: choose another name, or move it away.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise BackupError(f"{path} exists already: somebody made it meanwhile.")
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


class ArchiveReader:
    """An archive open for reading; `manifest` is read and checked, `check` looks at everything else."""

    def __init__(self, tar: tarfile.TarFile):
        self._tar = tar
        entries = tar.getmembers()
        self._entries = {entry.name: entry for entry in entries}
        if len(self._entries) < len(entries) or not all(entry.isreg() for entry in entries):
            raise BackupError("The archive holds something that no backup writes: it is damaged or not a backup.")
        text = self._read(MANIFEST)
        if hashlib.sha256(text).hexdigest().encode() != self._read(CHECKSUM).strip():
            raise BackupError("The archive's manifest does not match its checksum: the archive is damaged.")
        self.manifest = Manifest.of_json(text)

    def _read(self, name: str) -> bytes:
        if name not in self._entries:
            raise BackupError(f"The archive has no {name}: it is cut off or not a backup of this product.")
        return self.open(name).read()

    def open(self, name: str) -> IO[bytes]:
        """A member for reading."""
        file = self._tar.extractfile(self._entries[name])
        if file is None:
            raise BackupError(f"{name} in the archive cannot be read: the archive is damaged.")
        return file

    @property
    def files(self) -> dict[str, Member]:
        """Files by their path below MEDIA_ROOT."""
        members = self.manifest.members
        return {name.removeprefix(FILES): member for name, member in members.items() if name.startswith(FILES)}

    def check(self, say: Callable[[str], None]) -> None:
        """Reads every member against the manifest. Raises `BackupError` that names the first one that is wrong."""
        members = self.manifest.members
        present = self._entries.keys() - {MANIFEST, CHECKSUM}
        if present != members.keys():
            name = min(present ^ members.keys())
            raise BackupError(f"{name} is {'not in the manifest' if name in present else 'missing'}: {_DAMAGED}")
        for name, member in members.items():
            _require_plain(name)
            source = Hashing(self.open(name))
            size = 0
            while chunk := source.read(_CHUNK):
                size += len(chunk)
            if (size, source.sha256) != (member.size, member.sha256):
                raise BackupError(f"{name} does not match its checksum: {_DAMAGED}")
        say(f"{len(members)} members match their checksums")


def _require_plain(name: str) -> None:
    """Only the dump and paths that stay below `files/`. Raises `BackupError`."""
    path = PurePosixPath(name)
    inside = name.startswith(FILES) and ".." not in path.parts and str(path) == name and "\0" not in name
    if name != DUMP and not inside:
        raise BackupError(f"{name!r} is no name that a backup writes: {_DAMAGED}")


@contextmanager
def reading(path: Path) -> Iterator[ArchiveReader]:
    """Opens an archive. Raises `BackupError` when it is none, cut off, damaged or of another format."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield ArchiveReader(tar)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path} is no backup archive, or it is cut off.") from error
