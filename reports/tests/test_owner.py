"""The owner's page: each figure opens exactly the records that it counts, for three roles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.core.actor import Scope
from crm.core.metrics import measures
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import lists
from reports.owner import owner_page

from .builders import person
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_each_figure_opens_the_records_it_counts(world: World, period: str) -> None:
    pages = {page.url_name: page for page in lists if page.url_name}
    known = {measure.source.url_name for measure in measures} & set(pages)
    seen: dict[str, int] = {}
    for who, user in world.people.items():
        viewer = actor_for(user)
        with CaptureQueriesContext(connection) as asked:
            page = owner_page(viewer, period)
        assert len(asked) <= 28
        assert len(page.tiles) >= 11
        for tile in page.tiles:
            assert tile.records is not None, tile.label
            if not tile.url:
                assert not tile.records, tile.label
                continue
            path, _mark, query = tile.url.partition("?")
            name = next(name for name in known if reverse(name) == path)
            opened = rows_of_query(pages[name], viewer, query).queryset().count()
            assert opened == tile.records, (who, tile.label)
            seen[who] = seen.get(who, 0) + opened
    assert seen["wide"] > seen["middle"] > seen["own"] > 0


def test_a_reader_with_few_rights_gets_few_figures(world: World) -> None:
    few = owner_page(actor_for(person("reports.view_owner", "tickets.view", scope=Scope.ALL)), "month")
    assert {tile.url.partition("?")[0] for tile in few.tiles if tile.url} == {"/tickets/"}
    assert not owner_page(actor_for(person("reports.view_owner")), "month").tiles
