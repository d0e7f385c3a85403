"""Users, teams, departments and roles: verbs, their refusals, and what is kept of them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import Department, Role, TeamMembership, User
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotAllowed, NotReady
from crm.messaging.models import OutgoingMail

from ..actions import roles, staff, structure
from ..exceptions import BeyondOwnRights, LastAdministrator, OwnAccount
from ..selectors.history import changes_of
from .builders import SYSTEM, both, make_actor, make_department, make_team, make_user, signed_in

pytestmark = pytest.mark.django_db


def personnel() -> Role:
    """A role that manages staff and nothing else."""
    return roles.create_role(
        actor=SYSTEM,
        values={"name": both("Personnel"), "permissions": ["console.manage_staff", "console.view_settings"]},
    )


def officer() -> User:
    user = make_user()
    staff.update_user(actor=SYSTEM, record=user, values={"roles": [personnel()]})
    return User.objects.get(pk=user.pk)


def test_an_invitation_makes_a_user_who_cannot_sign_in_yet_and_mails_the_link() -> None:
    team = make_team()
    values = {"name": "韩梅梅", "email": "Han@Yunfan.example", "language": "zh-hans", "teams": [team]}
    user = staff.invite_user(actor=make_actor("administrator"), values=values)
    assert not user.has_usable_password() and user.email == "han@yunfan.example"
    assert list(user.teams.all()) == [team]
    assert OutgoingMail.objects.get().template == "console.invitation"


def test_an_address_is_used_once_whatever_its_case() -> None:
    user = make_user()
    with pytest.raises(Invalid) as refused:
        staff.invite_user(actor=SYSTEM, values={"name": "B", "email": user.email.upper()})
    assert "email" in refused.value.fields


def test_verbs_ask_for_the_right() -> None:
    actor, user = make_actor("agent"), make_user()
    for call in (
        lambda: staff.suspend_user(actor=actor, record=user),
        lambda: staff.invite_user(actor=actor, values={"name": "A", "email": "a@b.example"}),
        lambda: roles.create_role(actor=actor, values={"name": both("R")}),
        lambda: structure.create_department(actor=actor, values={"name": both("D")}),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_nobody_hands_out_a_role_beyond_their_own_rights() -> None:
    actor, user = actor_for(officer()), make_user()
    for key in ("administrator", "auditor"):
        with pytest.raises(BeyondOwnRights):
            staff.update_user(actor=actor, record=user, values={"roles": [Role.objects.get(key=key)]})
        with pytest.raises(BeyondOwnRights):
            staff.invite_user(
                actor=actor, values={"name": "A", "email": "a@b.example", "roles": [Role.objects.get(key=key)]}
            )


def test_nobody_takes_charge_of_a_person_who_holds_more() -> None:
    actor, chief = actor_for(officer()), make_user("administrator")
    make_user("administrator")
    for call in (
        lambda: staff.update_user(actor=actor, record=chief, values={"email": "mine@evil.example"}),
        lambda: staff.suspend_user(actor=actor, record=chief),
        lambda: staff.send_link(actor=actor, record=chief),
        lambda: staff.end_sessions(actor=actor, record=chief),
    ):
        with pytest.raises(BeyondOwnRights):
            call()


def test_the_last_administrator_stays() -> None:
    User.objects.filter(roles__is_administrator=True).update(is_active=False)
    chief = make_user("administrator")
    staff.invite_user(
        actor=SYSTEM,
        values={"name": "Never came", "email": "n@yunfan.example", "roles": [Role.objects.get(key="administrator")]},
    )
    with pytest.raises(LastAdministrator):
        staff.suspend_user(actor=SYSTEM, record=chief)
    with pytest.raises(LastAdministrator):
        staff.update_user(actor=actor_for(chief), record=chief, values={"roles": []})
    assert User.objects.get(pk=chief.pk).roles.filter(is_administrator=True).exists()
    make_user("administrator")
    staff.suspend_user(actor=SYSTEM, record=chief)


def test_one_cannot_suspend_oneself_nor_twice() -> None:
    chief, user = make_user("administrator"), make_user()
    with pytest.raises(OwnAccount):
        staff.suspend_user(actor=actor_for(chief), record=chief)
    staff.suspend_user(actor=actor_for(chief), record=user)
    with pytest.raises(NotReady):
        staff.suspend_user(actor=actor_for(chief), record=user)
    staff.restore_user(actor=actor_for(chief), record=user)
    with pytest.raises(NotReady):
        staff.restore_user(actor=actor_for(chief), record=user)


def test_a_role_gives_only_what_its_author_holds() -> None:
    role = roles.create_role(
        actor=SYSTEM, values={"name": both("Editor of roles"), "permissions": ["console.manage_roles"]}
    )
    user = make_user()
    staff.update_user(actor=SYSTEM, record=user, values={"roles": [role]})
    actor = actor_for(User.objects.get(pk=user.pk))
    with pytest.raises(BeyondOwnRights, match="Read the audit log"):
        roles.update_role(
            actor=actor, record=role, values={"permissions": ["console.manage_roles", "console.view_audit"]}
        )
    with pytest.raises(BeyondOwnRights):
        roles.create_role(actor=actor, values={"name": both("R"), "permissions": ["console.manage_staff"]})
    with pytest.raises(BeyondOwnRights):
        roles.create_role(actor=actor, values={"name": both("R"), "scopes": {"console": int(Scope.ALL)}})
    roles.update_role(actor=actor, record=role, values={"name": both("Renamed")})


def test_an_administrator_role_keeps_its_rights_and_unknown_rights_are_refused() -> None:
    chief, role = make_actor("administrator"), Role.objects.get(key="administrator")
    with pytest.raises(NotReady):
        roles.update_role(actor=chief, record=role, values={"permissions": []})
    with pytest.raises(Invalid):
        roles.create_role(actor=chief, values={"name": both("R"), "permissions": ["console.fly"]})
    with pytest.raises(Invalid):
        roles.create_role(actor=chief, values={"name": both("R"), "scopes": {"console": 99}})


def test_a_department_does_not_lie_below_itself_and_moves_with_all_below() -> None:
    top = make_department()
    middle = make_department(top)
    low = make_department(middle)
    with pytest.raises(Invalid):
        structure.update_department(actor=SYSTEM, record=top, values={"parent": low})
    other = make_department()
    structure.update_department(actor=SYSTEM, record=middle, values={"parent": other})
    assert Department.objects.get(pk=low.pk).path == f"/{other.pk}/{middle.pk}/{low.pk}/"


def test_a_supervisor_is_a_member_and_lists_left_out_stay() -> None:
    first, second = make_user(), make_user()
    team = make_team(first)
    structure.update_team(actor=SYSTEM, record=team, values={"supervisors": [second]})
    structure.update_team(actor=SYSTEM, record=team, values={"name": both("New")})
    places = dict(TeamMembership.objects.filter(team=team).values_list("user_id", "is_supervisor"))
    assert places == {first.pk: False, second.pk: True}
    structure.update_team(actor=SYSTEM, record=team, values={"members": [second], "supervisors": []})
    assert dict(TeamMembership.objects.filter(team=team).values_list("user_id", "is_supervisor")) == {second.pk: False}


def test_values_before_and_after_are_kept_with_the_author() -> None:
    chief, user = make_user("administrator", name="Zhou Min"), make_user()
    actor = actor_for(chief)
    staff.update_user(
        actor=actor, record=user, values={"job_title": "Night shift", "roles": [Role.objects.get(key="agent")]}
    )
    staff.suspend_user(actor=actor, record=user)
    found = {change.field: change for change in changes_of(actor, user) if change.actor == "Zhou Min"}
    assert (found["job title"].before, found["job title"].after) == ("--", "Night shift")
    assert found["role"].after == "Agent"
    assert (found["active"].before, found["active"].after) == ("Yes", "No")
    with pytest.raises(NotAllowed):
        changes_of(make_actor("agent"), user)


def test_a_changed_role_shows_the_rights_that_came_and_went() -> None:
    actor = make_actor("administrator")
    role = roles.create_role(actor=actor, values={"name": both("R"), "permissions": ["console.view_audit"]})
    roles.update_role(actor=actor, record=role, values={"permissions": ["console.manage_staff"]})
    change = next(change for change in changes_of(actor, role) if change.field == "permissions")
    assert (change.before, change.after) == ("Settings: Read the audit log", "Settings: Manage users")


def test_secrets_are_in_no_snapshot() -> None:
    from django.apps import apps

    names = {field.name for field in apps.get_model("accounts", "UserEvent")._meta.fields}
    assert not names & {"password", "last_seen_at", "theme"}


def test_the_pages_do_what_the_verbs_do() -> None:
    chief, user = make_user("administrator"), make_user("agent")
    client = signed_in(chief)
    for name, active in (("user_suspend", False), ("user_restore", True)):
        url = reverse(f"console:{name}", args=[user.pk])
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 302
        assert User.objects.get(pk=user.pk).is_active is active
    data = {"name": "New Colleague", "email": "new@yunfan.example", "language": "en", "timezone": "Asia/Shanghai"}
    assert client.post(reverse("console:user_create"), data).status_code == 302
    again = client.post(reverse("console:user_create"), {**data, "phone": "kept"})
    assert again.status_code == 422 and "kept" in again.content.decode()


def test_the_role_matrix_saves_what_was_ticked() -> None:
    client, role = signed_in(make_user("administrator")), personnel()
    url = reverse("console:role_update", args=[role.pk])
    page = client.get(url)
    shown = page.context["shown"]
    data = {"_shown": shown, "name_en": "Personnel", "may_console": ["console.manage_staff", "console.manage_roles"]}
    assert client.post(url, data).status_code == 302
    assert {"console.manage_staff", "console.manage_roles"} <= set(Role.objects.get(pk=role.pk).permissions)
