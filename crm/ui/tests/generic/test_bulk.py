"""Lists: bulk actions and exports of one declared list, over selected rows or all that a query finds."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from crm.accounts.models import Role, Team, User
from crm.activity.models import Activity
from crm.jobs import runners
from crm.jobs.models import Job
from crm.testing.suites import signed_in, staff
from crm.ui.generic import engine

from .teams import MANAGE, make_team

pytestmark = pytest.mark.django_db
LIST = "/teams/"


# Bulk ------------------------------------------------------------------------------------------

BULK = "/lists/team/bulk/switch/"


def start(client: Client, data: dict[str, Any], query: str = "?own=1") -> Job:
    """Confirms and returns the stored job."""
    response = client.post(BULK + query, data | {"confirmed": "1"})
    assert response.status_code == 302, response.content.decode()[:3000]
    return Job.objects.get(pk=int(response["Location"].strip("/").split("/")[-1]))


def test_the_confirmation_names_count_and_first_rows_and_changes_nothing(client: Client) -> None:
    teams = [make_team(f"Team {number}") for number in range(7)]
    response = client.post(BULK, {"ids": [team.pk for team in teams]})
    assert response.context["count"] == 7 and len(response.context["names"]) == 5 and response.context["more"] == 2
    assert not Job.objects.exists()


def test_a_job_does_each_row_and_says_why_it_skipped(client: Client) -> None:
    good, locked = make_team("Good"), make_team("locked")
    job = start(client, {"ids": [good.pk, locked.pk, 999_999]})
    runners.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.skipped_count) == ("done", 3, 2)
    assert not Team.objects.get(pk=good.pk).is_active and Team.objects.get(pk=locked.pk).is_active
    assert "This team is locked." in client.get(f"/jobs/{job.pk}/").content.decode()


def test_all_matching_means_the_query(client: Client) -> None:
    for number in range(3):
        make_team(f"Pick {number}")
    other = make_team("Other")
    job = start(client, {"all": "1"}, "?q=Pick")
    assert job.total == 3
    runners.run(job.pk)
    assert Team.objects.filter(is_active=False).count() == 3 and Team.objects.get(pk=other.pk).is_active


def test_all_matching_of_a_wide_set_runs_by_query_to_the_last_confirmed_row(client: Client) -> None:
    from crm.ui.generic import bulk

    for number in range(4):
        make_team(f"Pick {number}")
    with mock.patch.object(bulk, "PROBE", 2), mock.patch.object(bulk, "BATCH", 2):
        job = start(client, {"all": "1"}, "?q=Pick")
        late = make_team("Pick late")
        runners.run(job.pk)
    assert "ids" not in job.params
    assert Team.objects.filter(is_active=False).count() == 4 and Team.objects.get(pk=late.pk).is_active


def test_a_killed_worker_repeats_no_row(client: Client) -> None:
    from crm.ui.generic import bulk

    teams = [make_team(f"Team {number}") for number in range(4)]
    job = start(client, {"ids": [team.pk for team in teams]})
    done: list[int] = []
    with (
        mock.patch.object(bulk, "_advance", side_effect=_die_after(2, bulk._advance, done)),
        pytest.raises(SystemExit),
    ):
        bulk.run_batch(Job.objects.get(pk=job.pk))
    assert Job.objects.get(pk=job.pk).done == 2
    assert Team.objects.filter(is_active=False).count() == 2
    runners.run(job.pk)
    assert Job.objects.get(pk=job.pk).done == 4 and Team.objects.filter(is_active=False).count() == 4


def _die_after(count: int, real: Any, done: list[int]) -> Any:
    def advance(job: Job, pk: int) -> None:
        if len(done) == count:
            raise SystemExit
        done.append(pk)
        real(job, pk)

    return advance


def test_a_right_taken_away_stops_the_rest(client: Client, user: User) -> None:
    team = make_team()
    job = start(client, {"ids": [team.pk]})
    Role.objects.filter(users=user).update(permissions=[])
    runners.run(job.pk)
    assert Job.objects.get(pk=job.pk).skipped_count == 1 and Team.objects.get(pk=team.pk).is_active


def test_above_the_limit_the_count_is_typed(client: Client) -> None:
    from crm.ui.generic import bulk

    teams = [make_team(), make_team()]
    data = {"ids": [team.pk for team in teams], "confirmed": "1"}
    with mock.patch.object(bulk, "TYPE_ABOVE", 1):
        assert client.post(BULK, data).status_code == 422
        assert client.post(BULK, data | {"typed": "2"}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"ids": ["x", "-1", ""]}])
def test_nothing_selected_is_said(client: Client, data: dict[str, Any]) -> None:
    assert client.post(BULK, data).status_code == 422


def test_bulk_needs_its_own_permission_and_a_known_action(client: Client) -> None:
    assert client.post("/lists/team/bulk/nonsense/", {"ids": ["1"]}).status_code == 404
    assert client.post("/lists/nonsense/bulk/switch/", {"ids": ["1"]}).status_code == 404
    assert signed_in(staff()).post(BULK, {"ids": ["1"]}).status_code == 403


def test_a_job_is_its_owners_and_can_be_stopped(client: Client) -> None:
    job = start(client, {"ids": [make_team().pk]})
    assert signed_in(staff(MANAGE)).get(f"/jobs/{job.pk}/").status_code == 404
    fragment = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in fragment and "<html" not in fragment
    client.post(f"/jobs/{job.pk}/cancel/")
    runners.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "cancelled" and Team.objects.filter(is_active=False).count() == 0
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 409


# Export ----------------------------------------------------------------------------------------

EXPORT = "/lists/team/export/"


def test_cells_start_no_formula_and_the_export_is_recorded(client: Client) -> None:
    make_team("=1+1")
    body = client.post(EXPORT + "?own=1", {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=1+1" in body
    assert Activity.objects.filter(data__list_key="team", data__format="CSV").count() == 1


def test_a_workbook_holds_the_rows_as_text(client: Client) -> None:
    make_team("Scanner")
    response = client.post(EXPORT + "?q=Scanner", {"format": "xlsx"})
    book = zipfile.ZipFile(io.BytesIO(response.content))
    assert "Scanner" in "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_columns_without_the_right_are_not_exported(client: Client) -> None:
    make_team()
    assert "Secret" not in client.post(EXPORT + "?own=1&cols=name,secret", {"format": "csv"}).content.decode()


def test_a_large_export_is_a_job_whose_file_only_its_owner_opens(client: Client, settings: Any, tmp_path: Any) -> None:
    from crm.ui.generic import exports

    settings.MEDIA_ROOT = tmp_path
    for number in range(5):
        make_team(f"Team {number}")
    with mock.patch.object(engine, "PROBE", 2), mock.patch.object(exports, "CHUNK", 2):
        response = client.post(EXPORT + "?own=1&sort=-created", {"format": "csv"})
        job = Job.objects.get(pk=int(response["Location"].strip("/").split("/")[-1]))
        runners.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.result["file"] in client.get(f"/jobs/{job.pk}/").content.decode()
    file = client.get(job.result["file"])
    body = b"".join(file.streaming_content) if file.streaming else file.content
    assert body.decode("utf-8-sig").count("\n") == Team.objects.count() + 1
    assert signed_in(staff(MANAGE)).get(job.result["file"]).status_code == 404
    assert not list((tmp_path / "exports").rglob("*.json"))


def test_an_unknown_format_is_refused(client: Client) -> None:
    assert client.post(EXPORT, {"format": "exe"}).status_code == 422
    assert client.get(EXPORT).status_code == 405
