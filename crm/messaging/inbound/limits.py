"""What one mail may cost. Everything above is kept raw and waits in the quarantine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

RAW_BYTES = 50 * 1024 * 1024
DECODED_BYTES = 50 * 1024 * 1024
HEADER_BYTES = 512 * 1024
MAX_DEPTH = 20
MAX_PARTS = 500
TEXT_CHARACTERS = 1_000_000
CALENDAR_BYTES = 64 * 1024
WALL_CLOCK_SECONDS = 20.0


class TooMuch(Exception):
    """A mail passed a limit; `reason` is the limit's key."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(reason)


@contextmanager
def wall_clock(seconds: float = WALL_CLOCK_SECONDS) -> Iterator[None]:
    """Interrupts the block after so long with `TooMuch("time")`.

    By an alarm, which only a process's main thread can set: workers and commands run there. In another thread
    the worker's own time limit and the count of attempts bound a mail.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooMuch("time")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
