"""A leaver's work goes to colleagues, says why something stays, and comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import TeamMembership, User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.errors import Invalid, NotReady
from crm.core.sockets import handovers
from crm.jobs import runners
from crm.jobs.models import Job
from crm.ui.models import Audience, SavedView

from ..actions import staff
from ..actions.handover import BATCH, hand_over_batch, start_hand_over, undo_hand_over
from ..exceptions import BeyondOwnRights, OwnAccount
from ..selectors.handover import KIND
from .builders import SYSTEM, make_actor, make_team, make_user, signed_in

pytestmark = pytest.mark.django_db


def views_of(user: User, count: int = 1, audience: str = Audience.EVERYBODY) -> list[SavedView]:
    return [
        SavedView.objects.create(list_key="user", name=f"View {number}", owner=user, audience=audience)
        for number in range(count)
    ]


def finish(job: Job) -> Job:
    runners.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def supervised(user: User) -> set[int]:
    return set(TeamMembership.objects.filter(user=user, is_supervisor=True).values_list("team_id", flat=True))


def test_the_page_counts_what_there_is_and_the_job_moves_it() -> None:
    leaver, heir = make_user("supervisor"), make_user("supervisor")
    team = make_team(supervisors=(leaver,))
    views_of(leaver, BATCH + 2)
    personal = views_of(leaver, audience=Audience.PERSONAL)[0]
    client = signed_in(make_user("administrator"))
    url = reverse("console:user_hand_over", args=[leaver.pk])
    assert url in client.get(reverse("console:user_detail", args=[leaver.pk])).content.decode()
    page = client.get(url).content.decode()
    assert f"Shared views: {BATCH + 2}" in page and "Teams they supervise: 1" in page
    response = client.post(url, {"views": str(heir.pk), "teams": str(heir.pk), "suspend": "on"})
    job = finish(Job.objects.get(kind=KIND))
    assert response["Location"] == reverse("console:hand_over_detail", args=[job.pk])
    assert (job.done, job.total, job.skipped_count) == (BATCH + 3, BATCH + 3, 0)
    assert SavedView.objects.filter(owner=heir).count() == BATCH + 2
    assert SavedView.objects.get(pk=personal.pk).owner == leaver
    assert (supervised(leaver), supervised(heir)) == (set(), {team.pk})
    assert not User.objects.get(pk=leaver.pk).is_active
    assert "console.handed_over" in {row.key for row in Activity.objects.all()}
    assert reverse("console:hand_over_undo", args=[job.pk]) in client.get(response["Location"]).content.decode()


def test_undo_takes_back_what_nobody_touched_and_restores_the_person() -> None:
    leaver, heir, third = make_user("supervisor"), make_user("agent"), make_user("agent")
    team = make_team(supervisors=(leaver,))
    first, second = views_of(leaver, 2)
    admin = make_actor("administrator")
    job = finish(start_hand_over(actor=admin, record=leaver, targets={"views": heir, "teams": heir}, suspend=True))
    SavedView.objects.filter(pk=first.pk).update(owner=third)
    undo = finish(undo_hand_over(actor=admin, record=job))
    assert User.objects.get(pk=leaver.pk).is_active
    assert SavedView.objects.get(pk=first.pk).owner == third, "whoever has it keeps it"
    assert SavedView.objects.get(pk=second.pk).owner == leaver
    assert supervised(leaver) == {team.pk}
    assert not TeamMembership.objects.filter(user=heir).exists(), "the place was made by the hand-over"
    assert (undo.done, undo.skipped_count) == (3, 1)
    with pytest.raises(NotReady):
        undo_hand_over(actor=admin, record=job)


def test_undo_waits_for_the_end_and_expires_after_a_day() -> None:
    leaver, heir, admin = make_user("agent"), make_user("agent"), make_actor("administrator")
    views_of(leaver)
    job = start_hand_over(actor=admin, record=leaver, targets={"views": heir})
    with pytest.raises(NotReady):
        undo_hand_over(actor=admin, record=job)
    finish(job)
    client = signed_in(User.objects.get(pk=admin.id))
    with clock.shifted(dt.timedelta(hours=24, minutes=1)):
        with pytest.raises(NotReady):
            undo_hand_over(actor=admin, record=job)
        page = client.get(reverse("console:hand_over_detail", args=[job.pk])).content.decode()
        assert reverse("console:hand_over_undo", args=[job.pk]) not in page
    with clock.shifted(dt.timedelta(hours=23)):
        assert client.post(reverse("console:hand_over_undo", args=[job.pk])).status_code == 302


def test_a_stopped_and_undone_hand_over_does_not_go_on() -> None:
    from crm.console.actions.jobs import retry_job
    from crm.ui.generic.actions import cancel_job

    leaver, heir, admin = make_user("agent"), make_user("agent"), make_actor("administrator")
    views_of(leaver, BATCH + 1)
    job = start_hand_over(actor=admin, record=leaver, targets={"views": heir})
    hand_over_batch(job)
    cancel_job(actor=admin, job=job)
    finish(undo_hand_over(actor=admin, record=job))
    finish(retry_job(actor=admin, record=job))
    assert SavedView.objects.filter(owner=leaver).count() == BATCH + 1


def test_what_cannot_move_stays_with_its_reason() -> None:
    leaver, heir, admin = make_user("agent"), make_user("agent"), make_actor("administrator")
    view = views_of(leaver)[0]
    job = start_hand_over(actor=admin, record=leaver, targets={"views": heir})
    staff.suspend_user(actor=SYSTEM, record=heir)
    finish(job)
    assert SavedView.objects.get(pk=view.pk).owner == leaver
    assert (job.skipped_count, job.skipped[0]["label"]) == (1, view.name)
    assert "sign in" in job.skipped[0]["reason"]


def test_the_last_administrator_is_not_suspended_by_the_way() -> None:
    User.objects.filter(roles__is_administrator=True).delete()
    admin, manager = make_user("administrator"), make_user("administrator")
    job = start_hand_over(actor=actor_for(manager), record=admin, targets={}, suspend=True)
    staff.update_user(actor=SYSTEM, record=manager, values={"roles": []})
    finish(job)
    assert User.objects.get(pk=admin.pk).is_active and job.skipped_count == 1


def test_wrong_targets_are_refused() -> None:
    leaver, admin = make_user("agent"), make_actor("administrator")
    views_of(leaver)
    gone = make_user("agent")
    staff.suspend_user(actor=SYSTEM, record=gone)
    for targets in ({}, {"views": None}, {"views": leaver}, {"views": gone}, {"nonsense": make_user("agent")}):
        with pytest.raises(Invalid):
            start_hand_over(actor=admin, record=leaver, targets=targets)
    me = User.objects.get(pk=admin.id)
    with pytest.raises(OwnAccount):
        start_hand_over(actor=admin, record=me, targets={}, suspend=True)
    assert not Job.objects.filter(kind=KIND).exists()
    client = signed_in(me)
    for data in ({}, {"views": "999999999"}, {"views": "x\x00"}):
        assert client.post(reverse("console:user_hand_over", args=[leaver.pk]), data).status_code == 422


def test_nobody_empties_the_desk_of_somebody_who_holds_more() -> None:
    from crm.testing.suites import staff as staff_with

    manager = actor_for(staff_with("console.manage_staff"))
    with pytest.raises(BeyondOwnRights):
        start_hand_over(actor=manager, record=make_user("administrator"), targets={"views": make_user("agent")})


def test_other_peoples_hand_overs_are_out_of_sight() -> None:
    from crm.testing.suites import staff as staff_with

    leaver, admin = make_user("agent"), make_actor("administrator")
    views_of(leaver)
    job = finish(start_hand_over(actor=admin, record=leaver, targets={"views": make_user("agent")}))
    client = signed_in(staff_with("console.manage_staff"))
    assert client.get(reverse("console:hand_over_detail", args=[job.pk])).status_code == 404
    assert client.post(reverse("console:hand_over_undo", args=[job.pk])).status_code == 404


@pytest.mark.skipif(not apps.is_installed("tickets"), reason="the service desk is switched off")
def test_apps_bring_their_own_kinds() -> None:
    assert {"tickets", "customers"} <= {entry.key for entry in handovers}
