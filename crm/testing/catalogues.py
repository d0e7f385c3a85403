"""What a process keeps of the database between requests is forgotten between tests."""

from __future__ import annotations

import math

import pytest


@pytest.fixture(autouse=True)
def fresh_custom_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts without known custom fields, and no count of queries depends on how fast it runs."""
    from crm.fields import catalogue

    monkeypatch.setattr(catalogue, "RECHECK_SECONDS", math.inf)
    catalogue.forget()
