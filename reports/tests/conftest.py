from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.core import clock
from crm.core.metrics import Span

from .builders import SHANGHAI, Desk, at, build_desk, build_week
from .world import NOW, World


@pytest.fixture
def desk(db: None) -> Desk:
    """An empty desk with two teams."""
    return build_desk()


@pytest.fixture
def week(desk: Desk) -> Desk:
    """The desk after the week computed by hand."""
    build_week(desk)
    return desk


@pytest.fixture
def span() -> Span:
    """2 to 4 November in Shanghai."""
    return Span(at(2, 0), at(5, 0), SHANGHAI)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Records of every kind that figures count, at noon of the 30th of November."""
    with clock.at(NOW):
        yield World()
