"""What stops a backup or a restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .comparing import Report


class BackupError(Exception):
    """It cannot be done. The text is one line that says what to do; nothing was left half-done."""


class Differs(BackupError):
    """What came back is not what went in; `report` says where."""

    def __init__(self, message: str, report: Report):
        self.report = report
        super().__init__(message)
