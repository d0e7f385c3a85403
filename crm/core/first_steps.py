"""The socket of the first steps of a new company: apps fill it in their `setup_steps.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .registry import Registry
from .sockets import ALL_REGISTRIES, Text


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A first step of a new company, on home until it is done. why: one sentence of what it is good for.

    done(actor) reads real data: what was reached in words ("3 teams"), or "" while nothing is. verb: what the button
    says. Steps with the same url_name are allowed. needed: without it nothing works, so it cannot be skipped.
    """

    key: str
    label: Text
    why: Text
    verb: Text
    icon: str
    url_name: str
    permission: str
    done: Callable[[Any], Text]
    order: int = 50
    needed: bool = False


setup_steps: Registry[SetupStep] = Registry("setup steps")
ALL_REGISTRIES.append(setup_steps)
