"""Two people at one deal, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from crm.core.errors import DomainError
from sales.actions import lose_opportunity, move_stage, win_opportunity
from sales.models import StageSpan

from .deal_builders import SYSTEM, fresh, make_deal, reason, stage

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that begin together; a `DomainError` is its work's result."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return work()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_of_two_moves_from_the_same_stage_one_holds() -> None:
    deal = make_deal()
    found = at_once(
        lambda: move_stage(actor=SYSTEM, opportunity=deal, stage=stage(1), was=stage(0)),
        lambda: move_stage(actor=SYSTEM, opportunity=deal, stage=stage(2), was=stage(0)),
    )
    assert sum(isinstance(answer, DomainError) for answer in found) == 1
    assert StageSpan.objects.filter(opportunity=deal).count() == 2
    assert StageSpan.objects.get(opportunity=deal, left_at=None).stage_id == fresh(deal).stage_id


def test_a_deal_is_won_or_lost_but_never_both() -> None:
    why = reason()
    for _round in range(3):
        deal = make_deal()
        found = at_once(
            lambda deal=deal: win_opportunity(actor=SYSTEM, opportunity=deal),
            lambda deal=deal: lose_opportunity(actor=SYSTEM, opportunity=deal, reason=why),
        )
        assert sum(isinstance(answer, DomainError) for answer in found) == 1
        row = fresh(deal)
        assert (row.won_at is None) != (row.lost_at is None)
