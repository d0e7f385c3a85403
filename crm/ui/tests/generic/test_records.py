"""Record pages: facts, panels that fail alone, timeline, verbs, conflicts, deletion, pickers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Department, Team, TeamMembership, User
from crm.activity.recording import record
from crm.core.sockets import ActivityType, activity_types
from crm.testing.declarations import declared
from crm.testing.suites import staff
from crm.ui.generic import conflicts

from .teams import PANELS, make_team

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


# Detail ----------------------------------------------------------------------------------------


def test_the_page_shows_facts_fields_verbs_and_its_own_panels(client: Client) -> None:
    team = make_team()
    body = client.get(f"/teams/{team.pk}/").content.decode()
    assert "Needs a supervisor" in body and "Service" in body
    assert f"/teams/{team.pk}/edit/" in body
    assert "test.members" in body and "test.secret" not in body


def test_a_panel_that_raises_shows_an_error_card(client: Client) -> None:
    team = make_team()
    response = client.get(f"/panels/team/{team.pk}/test.broken/", headers=HTMX)
    assert response.status_code == 200 and "tone-danger" in response.content.decode()
    assert client.get(f"/teams/{team.pk}/?tab=test.broken").status_code == 200


def test_a_panel_asks_for_its_own_permission_and_the_record(client: Client) -> None:
    team = make_team()
    assert client.get(f"/panels/team/{team.pk}/test.secret/", headers=HTMX).status_code == 403
    assert client.get("/panels/team/987654/test.members/", headers=HTMX).status_code == 404
    assert client.get(f"/panels/user/{team.pk}/test.members/", headers=HTMX).status_code == 404
    assert client.get(f"/panels/nonsense/{team.pk}/test.members/", headers=HTMX).status_code == 404
    assert "<html" in client.get(f"/panels/team/{team.pk}/{PANELS[0].key}/").content.decode()


def test_the_timeline_goes_on_by_keyset(client: Client, user: User) -> None:
    team = make_team()
    noted = ActivityType(32_000, "test.noted", "Noted", "%(actor)s noted %(number)s")
    codes = {**activity_types._by_code, 32_000: noted}
    with declared(activity_types, noted), pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity_types, "_by_code", codes)
        from crm.accounts.access import actor_for

        for number in range(30):
            record(actor=actor_for(user), type="test.noted", subject=team, data={"number": f"entry-{number}-"})
        first = client.get(f"/teams/{team.pk}/")
        assert "entry-29-" in first.content.decode() and "entry-0-" not in first.content.decode()
        older = client.get(first.context["detail"].older_url, headers=HTMX).content.decode()
        assert "entry-0-" in older and "entry-29-" not in older
        assert client.get(f"/timeline/team/{team.pk}/?before=x", headers=HTMX).status_code == 200
    assert client.get("/timeline/team/987654/").status_code == 404


# Verbs -----------------------------------------------------------------------------------------


def test_reading_a_verb_does_nothing_and_sending_does(client: Client) -> None:
    team = make_team()
    assert client.get(f"/teams/{team.pk}/switch/").status_code == 200
    assert Team.objects.get(pk=team.pk).is_active
    assert client.post(f"/teams/{team.pk}/switch/").status_code == 302
    assert not Team.objects.get(pk=team.pk).is_active


def test_a_refused_verb_says_why_in_its_form(client: Client) -> None:
    team = make_team("locked")
    response = client.post(f"/teams/{team.pk}/switch/")
    assert response.status_code == 409 and "This team is locked." in response.content.decode()


# Edit ------------------------------------------------------------------------------------------


def edit(client: Client, team: Team, **changes: Any) -> Any:
    shown = client.get(f"/teams/{team.pk}/edit/").context["shown"]
    data = {"_shown": shown, "name_en": str(team), "department": team.department_id, "is_active": "on"}
    return lambda: client.post(f"/teams/{team.pk}/edit/", data | changes)


def test_changes_of_different_fields_merge(client: Client) -> None:
    team, other = make_team(), Department.objects.create(name={"en": "Other"})
    send = edit(client, team, name_en="Printers")
    Team.objects.filter(pk=team.pk).update(department=other)
    assert send().status_code == 302
    team = Team.objects.get(pk=team.pk)
    assert (str(team), team.department) == ("Printers", other)


def test_the_same_change_by_two_people_is_no_conflict(client: Client) -> None:
    team = make_team()
    send = edit(client, team, name_en="Printers")
    Team.objects.filter(pk=team.pk).update(name={"en": "Printers"})
    assert send().status_code == 302


def test_a_conflict_shows_names_instead_of_numbers(client: Client) -> None:
    team = make_team()
    mine, theirs = (
        Department.objects.create(name={"en": "Mine"}),
        Department.objects.create(name={"en": "Theirs"}),
    )
    send = edit(client, team, department=mine.pk)
    Team.objects.filter(pk=team.pk).update(department=theirs)
    (found,) = send().context["conflicts"]
    assert (found.mine, found.theirs) == ("Mine", "Theirs")


def test_a_forged_list_of_shown_values_is_not_believed(client: Client) -> None:
    team = make_team()
    response = edit(client, team, name_en="Printers", _shown="forged")()
    assert response.status_code == 302 and str(Team.objects.get(pk=team.pk)) == "Printers"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, ""),
        ("a\r\nb", "a\nb"),
        (1.50, "1.5"),
        (["2", 1], ["1", "2"]),
        ({"en": "x", "zh-hans": ""}, {"en": "x"}),
    ],
)
def test_values_compare_by_meaning(left: Any, right: Any) -> None:
    assert conflicts.plain(left) == conflicts.plain(right)


# Delete ----------------------------------------------------------------------------------------


def test_what_goes_with_a_record_is_counted(client: Client, user: User) -> None:
    team = make_team()
    TeamMembership.objects.create(team=team, user=user)
    assert "1 team member" in client.get(f"/teams/{team.pk}/delete/").content.decode()


def test_what_blocks_a_deletion_is_named() -> None:
    from crm.ui.generic.dependents import dependents_of

    team = make_team("Blocking")
    found = dependents_of(team.department)
    assert found.blocked and found.blocking[0].examples == ["Blocking"]


# Pickers ---------------------------------------------------------------------------------------


def test_people_are_picked_by_pinyin_and_initials(client: Client) -> None:
    person = staff(job_title="x")
    User.objects.filter(pk=person.pk).delete()
    person = User.objects.create_user("wangjing@example.com", name="王静")
    for text in ("王", "wangj", "wj"):
        body = client.get(reverse("ui:pick", args=["user"]), {"q": text}).content.decode()
        assert f'value="{person.pk}"' in body, text
    assert client.get("/pick/nonsense/").status_code == 404
    assert client.get(reverse("ui:pick", args=["role"]), {"q": ""}).content.decode().count("value=") == 1


def test_searching_keeps_what_is_chosen(client: Client) -> None:
    person = User.objects.create_user("li@example.com", name="Li Lei")
    address = reverse("ui:pick", args=["user"])
    body = client.get(address, {"q": "nobody-like-this", "field": "owner", "owner": person.pk}).content.decode()
    assert f'value="{person.pk}" selected' in body


def test_a_picker_draws_few_and_validates_all(client: Client) -> None:
    from django import forms

    from crm.ui.generic.widgets import FIRST, PickerSelect

    class Form(forms.Form):
        owner = forms.ModelChoiceField(User.objects.order_by("pk"), widget=PickerSelect("user"))

    people = [User.objects.create_user(f"p{number}@example.com", name=f"P {number}") for number in range(FIRST + 5)]
    last = people[-1]
    assert f'value="{last.pk}"' not in str(Form()["owner"])
    bound = Form({"owner": last.pk})
    assert bound.is_valid() and f'value="{last.pk}" selected' in str(bound["owner"])
