"""The decorator that makes a function a verb of the business."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

#: Every verb by "module.function", read by the architecture test.
ACTIONS: dict[str, Callable[..., object]] = {}


def action(*, permission: str = "", leaves_scope: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a verb: keyword-only, with an explicit `actor`; opens or joins one transaction.

    permission: required of the actor before anything runs; raises `NotAllowed`.
    leaves_scope: the row may leave the actor's data scope (hand-over verbs say so and are asked about it).
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        wrong = [name for name, p in parameters.items() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        if wrong or "actor" not in parameters:
            raise TypeError(f"{function.__qualname__}: an action takes keyword-only arguments and an actor")

        @functools.wraps(function)
        def verb(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission:
                kwargs["actor"].require(permission)  # type: ignore[attr-defined]
            with transaction.atomic():
                return function(*args, **kwargs)

        verb.permission = permission  # type: ignore[attr-defined]
        verb.leaves_scope = leaves_scope  # type: ignore[attr-defined]
        ACTIONS[f"{function.__module__}.{function.__name__}"] = verb
        return verb

    return decorate
