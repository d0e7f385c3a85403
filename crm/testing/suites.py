"""Inherited tests: what every declared list, detail, create, edit and delete page must hold. A class brings only data.

class TestTeamList(ListSuite):
    url_name, permission = "console:team_list", "console.manage_structure"

    def make(self, count: int) -> list[Team]: ...
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.accounts.access import actor_for
from crm.accounts.models import Role, User
from crm.core import sockets
from crm.core.actor import Scope
from crm.core.translated import Translated
from crm.testing.builders import give_place
from crm.testing.queries import queries_as_before
from crm.ui.lists import ListPage, lists

_numbers = itertools.count(1)


def staff(*permissions: str, scope: Scope = Scope.ALL, **fields: Any) -> User:
    """A user who holds exactly these permissions, with one data scope in their modules."""
    number = next(_numbers)
    modules = {name.split(".")[0] for name in permissions}
    role = Role.objects.create(
        name=Translated({"en": f"Role {number}"}),
        permissions=sorted(permissions),
        scopes={module: int(scope) for module in modules},
    )
    user = User.objects.create_user(f"suite{number}@example.com", name=f"Suite {number}", **fields)
    user.roles.add(role)
    return user


def signed_in(user: User) -> Client:
    """A browser of that user; language from the profile."""
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
class PageSuite:
    """What every staff page must hold. permission: the page's; others: further ones its reader needs."""

    url_name: ClassVar[str]
    permission: ClassVar[str]
    others: ClassVar[tuple[str, ...]] = ()
    scope: ClassVar[Scope] = Scope.ALL
    baseline: ClassVar[str] = ""  # name in query_counts.json, where the default is taken

    @pytest.fixture(autouse=True)
    def _fresh(self) -> None:
        cache.clear()

    @pytest.fixture
    def user(self) -> User:
        return staff(self.permission, *self.others, scope=self.scope)

    @pytest.fixture
    def client(self, user: User) -> Client:
        return signed_in(user)

    def url(self, record: Any = None) -> str:
        """The address; `lookup` of the record is its argument."""
        return reverse(self.url_name) if record is None else reverse(self.url_name, args=[self.argument(record)])

    def argument(self, record: Any) -> Any:
        return record.pk

    def make_one(self) -> Any:
        """A record for the page, or None for pages without one."""
        return None

    def test_a_guest_is_sent_to_sign_in(self) -> None:
        response = Client().get(self.url(self.make_one()))
        assert response.status_code == 302 and "next=" in response["Location"]

    def test_without_the_permission_the_page_names_it(self) -> None:
        response = signed_in(staff(*self.others, scope=self.scope)).get(self.url(self.make_one()))
        assert response.status_code == 403
        assert str(sockets.permissions.label(self.permission)) in response.content.decode()

    def test_it_answers_in_both_languages(self, user: User) -> None:
        record = self.make_one()
        for language, html_lang in (("en", "en"), ("zh-hans", "zh-Hans")):
            User.objects.filter(pk=user.pk).update(language=language)
            response = signed_in(User.objects.get(pk=user.pk)).get(self.url(record))
            assert response.status_code == 200
            assert f'lang="{html_lang}"' in response.content.decode()


class RecordSuite(PageSuite):
    """Pages about one record. `make_one` brings it; `make_hidden` one outside the reader's set, or None."""

    def make_hidden(self) -> Any:
        """A record that the reader may not see; None where every member of staff sees all."""
        return None

    def test_what_is_not_in_the_set_is_not_there(self, client: Client) -> None:
        hidden = self.make_hidden()
        missing = self.make_one()
        address = (
            self.url(hidden)
            if hidden is not None
            else self.url(missing).replace(str(self.argument(missing)), "987654321")
        )
        assert client.get(address).status_code == 404


class ListSuite(PageSuite):
    """A declared list. `make(count)` brings visible rows; `max_queries` is the design's twelve."""

    max_queries: ClassVar[int] = 12

    def make(self, count: int) -> list[Any]:
        raise NotImplementedError

    @property
    def page(self) -> ListPage:
        return next(page for page in lists if page.url_name == self.url_name)

    def rows_of(self, response: Any) -> list[int]:
        """Ids of the rows drawn."""
        return [int(text) for text in re.findall(r'id="row-(\d+)"', response.content.decode())]

    def test_it_shows_the_rows(self, client: Client) -> None:
        made = self.make(3)
        shown = self.rows_of(client.get(self.url(), {"own": "1"}))
        assert {row.pk for row in made} <= set(shown)

    def test_empty_is_said(self, client: Client) -> None:
        response = client.get(
            self.url(), {"own": "1", "q": "no-such-thing-anywhere"} if self.page.search else {"own": "1"}
        )
        assert response.status_code == 200
        if self.page.search:
            assert not self.rows_of(response) and "app-empty" in response.content.decode()

    def test_unknown_parameters_are_left_out_with_a_notice(self, client: Client) -> None:
        made = self.make(1)
        response = client.get(self.url(), {"own": "1", "no_such_filter": "1", "sort": "nonsense", "page": "-3"})
        assert "no_such_filter" in response.content.decode()
        assert made[0].pk in self.rows_of(response)

    def test_every_sort_orders_both_ways(self, client: Client, user: User) -> None:
        self.make(3)
        for column in self.page.columns_for(actor_for(user)):
            if column.sort:
                up = self.rows_of(client.get(self.url(), {"own": "1", "sort": column.key}))
                down = self.rows_of(client.get(self.url(), {"own": "1", "sort": f"-{column.key}"}))
                without = self.page.model._default_manager.filter(pk__in=up, **{f"{column.sort}__isnull": True}).count()
                known = len(up) - without
                assert up[:known] == down[:known][::-1], column.key
                assert up[known:] == down[known:][::-1], f"{column.key}: rows without a value come last both ways"

    def test_htmx_gets_only_the_results(self, client: Client) -> None:
        self.make(1)
        headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "list-results"}
        body = client.get(self.url(), {"own": "1"}, headers=headers).content.decode()
        assert "<html" not in body and 'id="page-count"' in body
        assert 'role="status"' in body

    def test_every_builtin_view_answers(self, client: Client) -> None:
        self.make(1)
        for view in self.page.views:
            assert client.get(self.url(), {"view": view.key}).status_code == 200

    def test_the_counts_of_the_tabs_answer(self, client: Client) -> None:
        self.make(1)
        assert client.get(reverse("ui:list_counts", args=[self.page.key])).status_code == 200

    def test_the_export_agrees_with_the_list(self, user: User) -> None:
        if self.page.export_permission:
            user = staff(self.permission, self.page.export_permission, *self.others, scope=self.scope)
        exporter = signed_in(user)
        self.make(3)
        shown = self.rows_of(exporter.get(self.url(), {"own": "1", "per_page": "100"}))
        response = exporter.post(reverse("ui:list_export", args=[self.page.key]) + "?own=1", {"format": "csv"})
        assert response.content.startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        with translation.override(user.language):
            columns = self.page.columns_for(actor_for(user))
            labels = [str(column.label) for column in columns if column.default or column.locked]
        assert lines[0] == [label for label in labels if label]
        assert len(lines) - 1 == len(shown)

    def test_query_count_does_not_grow_with_the_page(self, client: Client, user: User) -> None:
        """Whole requests count: session, reader, roles, places and all."""
        name = self.baseline or f"list:{self.page.key}"
        give_place(user)
        self.make(3)
        few = self.counted(client, name, own="1")
        if self.page.views:
            self.counted(client, f"{name}, first view")
        self.make(12)
        assert self.counted(client, name, own="1", per_page="100") == few

    def counted(self, client: Client, name: str, **query: str) -> int:
        """How many queries the address asks once what is kept per process is warm, held against the baseline."""
        client.get(self.url(), query)
        cache.clear()
        with queries_as_before(name, limit=self.max_queries) as captured:
            client.get(self.url(), query)
        return len(captured)


class DetailSuite(RecordSuite):
    """A record's page; at most 25 queries."""

    max_queries: ClassVar[int] = 25

    def test_it_shows_the_record(self, client: Client) -> None:
        record = self.make_one()
        assert str(record) in client.get(self.url(record)).content.decode()

    def test_query_count(self, client: Client, user: User) -> None:
        give_place(user)
        record = self.make_one()
        client.get(self.url(record))
        with queries_as_before(self.baseline or f"detail:{self.url_name}", limit=self.max_queries):
            assert client.get(self.url(record)).status_code == 200

    def test_its_panels_load_by_themselves(self, client: Client) -> None:
        record = self.make_one()
        body = client.get(self.url(record)).content.decode()
        for address in set(re.findall(r'hx-get="(/panels/[^"]+)"', body)):
            assert client.get(address, headers={"HX-Request": "true"}).status_code == 200


class CreateSuite(PageSuite):
    """A form that makes a record. `good` is what a person types; `bad` breaks it; `kept` must come back on the page."""

    kept: ClassVar[str] = ""

    def good(self) -> dict[str, Any]:
        raise NotImplementedError

    def bad(self) -> dict[str, Any]:
        raise NotImplementedError

    def rows(self) -> Any:
        """The model's rows."""
        raise NotImplementedError

    def test_it_creates_one(self, client: Client) -> None:
        before = self.rows().count()
        response = client.post(self.url(), self.good())
        assert response.status_code == 302, response.content.decode()[:2000]
        assert self.rows().count() == before + 1

    def test_bad_input_makes_nothing_and_stays_on_the_page(self, client: Client) -> None:
        before = self.rows().count()
        response = client.post(self.url(), self.bad())
        assert response.status_code == 422
        assert "error-summary" in response.content.decode()
        assert self.kept in response.content.decode()
        assert self.rows().count() == before

    def test_without_the_permission_nothing_is_written(self) -> None:
        before = self.rows().count()
        assert signed_in(staff(*self.others, scope=self.scope)).post(self.url(), self.good()).status_code == 403
        assert self.rows().count() == before


class UpdateSuite(RecordSuite):
    """A form that changes a record. `change` is one field's new text; `rival` changes that field elsewhere."""

    kept: ClassVar[str] = ""

    def change(self) -> dict[str, Any]:
        raise NotImplementedError

    def bad(self) -> dict[str, Any]:
        raise NotImplementedError

    def rival(self, record: Any) -> None:
        """Somebody else changes the field of `change`."""
        raise NotImplementedError

    def changed(self, record: Any) -> bool:
        """Whether the change arrived."""
        raise NotImplementedError

    def sent(self, client: Client, record: Any) -> dict[str, Any]:
        """What the browser would send back untouched."""
        form = client.get(self.url(record)).context["form"]
        data = {"_shown": client.get(self.url(record)).context["shown"]}
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                names = [f"{bound.html_name}{suffix}" for suffix in widget.widgets_names]
                parts = zip(names, widget.decompress(value), strict=True)
                data |= {name: part for name, part in parts if part}
            elif value not in (None, "", False):
                data[bound.html_name] = [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value
        return data

    def test_it_saves(self, client: Client) -> None:
        record = self.make_one()
        response = client.post(self.url(record), self.sent(client, record) | self.change())
        assert response.status_code == 302, response.content.decode()[:2000]
        assert self.changed(record)

    def test_bad_input_stays_on_the_page(self, client: Client) -> None:
        record = self.make_one()
        response = client.post(self.url(record), self.sent(client, record) | self.bad())
        assert response.status_code == 422
        assert self.kept in response.content.decode()

    def test_what_both_changed_is_asked_about_and_the_text_is_kept(self, client: Client) -> None:
        record = self.make_one()
        data = self.sent(client, record) | self.change()
        self.rival(record)
        response = client.post(self.url(record), data)
        assert response.status_code == 409
        assert not self.changed(record)
        body = response.content.decode()
        assert all(str(text) in body for text in self.change().values())
        again = client.post(self.url(record), data | {"_shown": response.context["shown"]})
        assert again.status_code == 302 and self.changed(record)

    def test_theirs_can_be_taken(self, client: Client) -> None:
        record = self.make_one()
        data = self.sent(client, record) | self.change()
        self.rival(record)
        response = client.post(self.url(record), data)
        names = {conflict.choice_name: "theirs" for conflict in response.context["conflicts"]}
        again = client.post(self.url(record), data | {"_shown": response.context["shown"]} | names)
        assert again.status_code == 302 and not self.changed(record)


class DeleteSuite(RecordSuite):
    """Deleting: asks, then does. `make_blocked` brings a record that may not go, or None."""

    def gone(self, record: Any) -> bool:
        return not type(record)._default_manager.filter(pk=record.pk).exists()

    def make_blocked(self) -> Any:
        return None

    def test_reading_deletes_nothing(self, client: Client) -> None:
        record = self.make_one()
        assert str(record) in client.get(self.url(record)).content.decode()
        assert not self.gone(record)

    def test_it_deletes(self, client: Client) -> None:
        record = self.make_one()
        assert client.post(self.url(record)).status_code == 302
        assert self.gone(record)

    def test_what_stands_in_the_way_is_named(self, client: Client) -> None:
        record = self.make_blocked()
        if record is None:
            pytest.skip("nothing blocks this model")
        response = client.post(self.url(record))
        assert response.status_code == 409
        assert not self.gone(record)


@pytest.mark.django_db
class PickerSuite:
    """A picker offers what its reader sees. kind: the Kind key."""

    kind: ClassVar[str]
    permissions: ClassVar[tuple[str, ...]] = ()
    scope: ClassVar[Scope] = Scope.ALL

    def make_one(self) -> Any:
        raise NotImplementedError

    def make_hidden(self) -> Any:
        return None

    def test_it_offers_what_can_be_seen(self) -> None:
        record, hidden = self.make_one(), self.make_hidden()
        client = signed_in(staff(*self.permissions, scope=self.scope))
        address = reverse("ui:pick", args=[self.kind])
        found = client.get(address, {"q": str(record)[:20]}, headers={"Accept": "application/json"}).json()["results"]
        assert record.pk in [option["id"] for option in found]
        if hidden is not None:
            found = client.get(address, {"q": str(hidden)[:20]}, headers={"Accept": "application/json"}).json()[
                "results"
            ]
            assert hidden.pk not in [option["id"] for option in found]
