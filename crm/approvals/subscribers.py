"""Who hears of an approval. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import Subscriber, subscribers
from crm.core.translated import in_all_languages
from crm.notifications.actions import notify

from .choices import Answer, State
from .models import Approval


def tell_approvers(activity: Activity) -> None:
    """Whoever the present step waits for."""
    approval = _approval(activity)
    if approval is None or not approval.is_pending:
        return
    waiting = User.objects.active().filter(
        asked_to_approve__step__approval=approval,
        asked_to_approve__step__position=approval.position,
        asked_to_approve__answer=Answer.WAITING,
    )
    _notify(activity, approval, list(waiting), "approvals.asked")


def tell_asker(activity: Activity) -> None:
    """Whoever asked learns what was decided."""
    approval = _approval(activity)
    if approval is None or approval.requested_by is None or approval.state not in (State.APPROVED, State.REJECTED):
        return
    outcome = in_all_languages(State(approval.state).label)
    _notify(activity, approval, [approval.requested_by], "approvals.decided", outcome=dict(outcome))


def _approval(activity: Activity) -> Approval | None:
    return Approval.objects.select_related("requested_by").filter(pk=activity.object_id).first()


def _notify(activity: Activity, approval: Approval, users: list[User], kind: str, **data: object) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=kind,
        users=users,
        subject=approval,
        data={"title": approval.title, "text": activity.data.get("text", ""), **data},
        url=reverse("approvals:approval_detail", args=[approval.pk]),
        activity_id=activity.pk,
    )


subscribers.register(
    Subscriber("approvals.tell_approvers", ("approvals.asked", "approvals.agreed", "approvals.delegated"),
               tell_approvers, order=30),
    Subscriber("approvals.tell_asker", ("approvals.approved", "approvals.rejected"), tell_asker, order=40),
)  # fmt: skip
