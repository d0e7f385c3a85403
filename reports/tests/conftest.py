from __future__ import annotations

import pytest

from crm.core.metrics import Span

from .builders import SHANGHAI, Desk, at, build_desk, build_week


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
