"""How handing a row to the other side ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side has it. reference: what it calls it, where it says so."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why it was not taken; a permanent failure is not tried again, another not before `retry_after_seconds`.

    opted_out: the receiver told the gateway that they want no more.
    """

    error: str
    is_permanent: bool
    retry_after_seconds: int = 0
    opted_out: bool = False


Outcome = Taken | Failure
