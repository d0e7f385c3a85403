"""Who hears of a task. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import Subscriber, subscribers
from crm.notifications.actions import notify

from .models import Meeting, Task


def tell_holder(activity: Activity) -> None:
    """Whoever is given a task, and whose task is due: the assignee, else everybody of its team."""
    task = _task(activity)
    if task is None or task.is_done:
        return
    if task.assignee is not None:
        people = [task.assignee]
    else:
        people = list(User.objects.active().filter(memberships__team_id=task.team_id or 0))
    kind = "planner.task_due" if activity.key == "planner.task_due" else "planner.task_assigned"
    _notify(activity, task, people, kind)


def tell_author(activity: Activity) -> None:
    """Whoever asked for a task learns that another has done it."""
    task = _task(activity)
    if task is not None and task.created_by is not None:
        _notify(activity, task, [task.created_by], "planner.task_finished")


def _task(activity: Activity) -> Task | None:
    return Task.objects.select_related("assignee", "created_by").filter(pk=activity.object_id).first()


def _notify(activity: Activity, task: Task, users: list[User], kind: str) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=kind,
        users=users,
        subject=task,
        data={**activity.data, "title": task.title},
        url=reverse("planner:task_detail", args=[task.pk]),
        activity_id=activity.pk,
    )


def tell_people(activity: Activity) -> None:
    """Everybody who takes part; of outcomes and answers the organizer alone, else the first colleague."""
    meeting = Meeting.all_objects.filter(pk=activity.object_id).first()
    if meeting is None or (activity.key == "planner.meeting_deleted" and not meeting.is_to_come):
        return
    people = list(User.objects.active().filter(meeting_seats__meeting=meeting).order_by("meeting_seats__pk"))
    kind, url = activity.key, reverse("planner:meeting_detail", args=[meeting.pk])
    if kind in _FOR_ORGANIZER:
        people = [user for user in people if user.pk == meeting.organizer_id] or people[:1]
    if kind == "planner.meeting_added":
        kind = "planner.meeting_invited"
    elif kind == "planner.meeting_handed_over":
        kind, people = "planner.meeting_invited", [user for user in people if user.pk == activity.data["to_id"]]
    elif kind == "planner.meeting_deleted":
        kind = "planner.meeting_cancelled"
    elif kind == "planner.meeting_over":
        url = reverse("planner:meeting_outcome", args=[meeting.pk])
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label), kind=kind, users=people,
        subject=meeting, data={**activity.data, "title": meeting.title}, url=url, activity_id=activity.pk,
    )  # fmt: skip


_FOR_ORGANIZER = frozenset({
    "planner.meeting_over", "planner.meeting_answered", "planner.meeting_written", "planner.meeting_proposed",
})  # fmt: skip
_MEETINGS = (
    *_FOR_ORGANIZER, "planner.meeting_added", "planner.meeting_changed", "planner.meeting_cancelled",
    "planner.meeting_due", "planner.meeting_handed_over", "planner.meeting_deleted",
)  # fmt: skip

subscribers.register(
    Subscriber("planner.tell_people", _MEETINGS, tell_people, order=35),
    Subscriber(
        "planner.tell_holder",
        ("planner.task_added", "planner.task_assigned", "planner.task_due"),
        tell_holder,
        order=30,
    ),
    Subscriber("planner.tell_author", ("planner.task_finished",), tell_author, order=40),
)
