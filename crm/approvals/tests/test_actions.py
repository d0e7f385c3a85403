"""Asking, agreeing, refusing, handing over: who may, in which order, and what follows."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.models import Role
from crm.activity.models import Activity
from crm.approvals.actions import (
    approve,
    delegate,
    flow_for,
    reject,
    request_approval,
    save_flow,
    void_approval,
    withdraw,
)
from crm.approvals.exceptions import AlreadyAsked, ChangedMeanwhile, NoApprover, NotPending, NotYourTurn, ReasonNeeded
from crm.approvals.models import Approval, Approver
from crm.approvals.subscribers import tell_approvers, tell_asker
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.translated import Translated
from crm.notifications.models import Notification
from crm.testing.builders import make_department, make_user, staff

from .builders import calls, departments, make_flow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("departments")]
__all__ = ["departments"]


@pytest.fixture
def asker():
    user = make_user("sales", name="Asker")
    user.department = make_department("Sales")
    user.save(update_fields=["department"])
    return user


def asked(asker, *steps, **values):
    make_flow(*steps, **values)
    return request_approval(actor=staff(asker), subject=make_department("Big"), reason="An old customer")


def test_one_step_one_person(asker):
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    assert calls == []
    approve(actor=staff(boss), approval=approval, comment="fine")
    approval.refresh_from_db()
    assert approval.state == "approved"
    assert approval.decided_at is not None
    assert calls == [("approved", approval.object_id)]
    assert Activity.objects.filter(object_id=approval.pk).order_by("-pk")[0].key == "approvals.approved"


def test_steps_come_one_after_the_other(asker):
    first, second = make_user("sales_manager"), make_user("executive")
    approval = asked(asker, {"who": "user", "user": first}, {"who": "user", "user": second})
    with pytest.raises(NotYourTurn):
        approve(actor=staff(second), approval=approval)
    approve(actor=staff(first), approval=approval)
    assert calls == []
    approve(actor=staff(second), approval=approval)
    assert calls == [("approved", approval.object_id)]


def test_all_of_a_step_have_to_agree_where_it_says_so(asker):
    role = Role.objects.get(key="executive")
    one, two = make_user("executive"), make_user("executive")
    approval = asked(asker, {"who": "role", "role": role, "rule": "all"})
    approve(actor=staff(one), approval=approval)
    assert Approval.objects.get().state == "pending"
    approve(actor=staff(two), approval=approval)
    assert Approval.objects.get().state == "approved"


def test_one_of_a_step_is_enough_otherwise(asker):
    role = Role.objects.get(key="executive")
    one, two = make_user("executive"), make_user("executive")
    approval = asked(asker, {"who": "role", "role": role})
    approve(actor=staff(one), approval=approval)
    with pytest.raises(NotPending):
        approve(actor=staff(two), approval=approval)


def test_the_superior_is_the_nearest_head_above(asker):
    top = make_user("executive", name="Top")
    company = make_department("Company")
    company.head = top
    company.save()
    asker.department.parent, asker.department.head = company, asker
    asker.department.save()
    asked(asker, {"who": "superior"})
    assert [row.user for row in Approver.objects.all()] == [top]


def test_nobody_approves_their_own(asker):
    role = Role.objects.get(key="sales")
    approval = asked(asker, {"who": "role", "role": role}, fallback=make_user("executive", name="Named"))
    assert [row.user.name for row in Approver.objects.all()] == ["Named"]
    with pytest.raises(NotYourTurn):
        approve(actor=staff(asker), approval=approval)


def test_without_anybody_it_cannot_be_asked(asker):
    with pytest.raises(NoApprover):
        asked(asker, {"who": "superior"})
    assert not Approval.objects.exists()


def test_a_refusal_needs_a_reason_and_ends_it(asker):
    boss, other = make_user("sales_manager"), make_user("executive")
    approval = asked(asker, {"who": "user", "user": boss}, {"who": "user", "user": other})
    with pytest.raises(ReasonNeeded):
        reject(actor=staff(boss), approval=approval, comment="  ")
    reject(actor=staff(boss), approval=approval, comment="Too much")
    assert calls == [("rejected", approval.object_id)]
    with pytest.raises(NotPending):
        approve(actor=staff(boss), approval=approval)


def test_only_the_asker_withdraws(asker):
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    with pytest.raises(NotAllowed):
        withdraw(actor=staff(boss), approval=approval)
    withdraw(actor=staff(asker), approval=approval)
    assert Approval.objects.get().state == "withdrawn"
    assert calls == [("rejected", approval.object_id)]


def test_a_colleague_decides_instead(asker):
    boss, colleague = make_user("sales_manager"), make_user("executive")
    approval = asked(asker, {"who": "user", "user": boss})
    with pytest.raises(Invalid):
        delegate(actor=staff(boss), approval=approval, to=asker)
    delegate(actor=staff(boss), approval=approval, to=colleague)
    with pytest.raises(NotYourTurn):
        approve(actor=staff(boss), approval=approval)
    approve(actor=staff(colleague), approval=approval)
    assert Approval.objects.get().state == "approved"


def test_what_was_changed_is_not_approved(asker):
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    subject = type(asker.department).objects.get(pk=approval.object_id)
    subject.name = Translated({"en": "Bigger", "zh-hans": "更大"})
    subject.save()
    with pytest.raises(ChangedMeanwhile):
        approve(actor=staff(boss), approval=approval)
    assert void_approval(actor=staff(asker), subject=subject) == 1
    assert Approval.objects.get().state == "void"
    assert calls == []


def test_asking_twice_is_refused_and_without_a_flow_nothing_is_asked(asker):
    assert request_approval(actor=staff(asker), subject=make_department("Small")) is None
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    with pytest.raises(AlreadyAsked):
        request_approval(actor=staff(asker), subject=type(asker.department).objects.get(pk=approval.object_id))


def test_a_flow_that_is_off_does_not_hold(asker):
    make_flow(is_active=False)
    assert flow_for(make_department("Any")) is None


def test_changing_a_flow_leaves_what_was_asked(asker):
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    save_flow(
        actor=staff(make_user("administrator")), values={}, record=approval.flow,
        steps=[{"who": "user", "user": make_user("executive")}],
    )  # fmt: skip
    approve(actor=staff(boss), approval=approval)
    assert Approval.objects.get().state == "approved"


def test_others_do_not_see_it(asker):
    approval = asked(asker, {"who": "user", "user": make_user("sales_manager")})
    with pytest.raises(NotFound):
        approve(actor=staff(make_user("sales")), approval=approval)


def test_approvers_and_the_asker_are_told(asker):
    boss = make_user("sales_manager")
    approval = asked(asker, {"who": "user", "user": boss})
    tell_approvers(Activity.objects.filter(object_id=approval.pk).latest("pk"))
    approve(actor=staff(boss), approval=approval)
    tell_asker(Activity.objects.filter(object_id=approval.pk).latest("pk"))
    told = {(row.user_id, row.kind) for row in Notification.objects.all()}
    assert told == {(boss.pk, "approvals.asked"), (asker.pk, "approvals.decided")}


@pytest.mark.django_db(transaction=True)
def test_two_deciding_at_once_decide_once(asker):
    role = Role.objects.get(key="executive")
    people = [make_user("executive") for _ in range(2)]
    approval = asked(asker, {"who": "role", "role": role})
    gate = threading.Barrier(2)

    def decide(user):
        try:
            gate.wait(timeout=30)
            return approve(actor=staff(user), approval=approval)
        except NotPending as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide, people))
    assert sum(isinstance(result, NotPending) for result in results) == 1
    assert calls == [("approved", approval.object_id)]
