"""Who hears of an article. Safe to run twice."""

from __future__ import annotations

from crm.accounts.access import users_who_can
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import Subscriber, subscribers
from crm.notifications.actions import notify

from .models import Article


def tell_reviewers(activity: Activity) -> None:
    """Everybody who may review."""
    _notify(activity, users_who_can("knowledge.review"), "knowledge.review_asked")


def tell_author(activity: Activity) -> None:
    """Whoever keeps the article right, when a colleague has looked at it."""
    _notify(activity, _owner(activity), "knowledge.sent_back")


def tell_owner(activity: Activity) -> None:
    """Whoever keeps the article right, when readers say that it did not help."""
    _notify(activity, _owner(activity), "knowledge.disliked")


def _owner(activity: Activity) -> list[User]:
    article = Article.objects.select_related("owner").filter(pk=activity.object_id).first()
    return [article.owner] if article is not None and article.owner is not None else []


def _notify(activity: Activity, users: list[User], kind: str) -> None:
    article = Article.objects.filter(pk=activity.object_id).first()
    if article is None:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=kind, users=users, subject=article, data=activity.data, activity_id=activity.pk,
        url=f"{article.get_absolute_url()}?lang={activity.data.get('language', '')}",
    )  # fmt: skip


subscribers.register(
    Subscriber("knowledge.tell_reviewers", ("knowledge.review_asked",), tell_reviewers, order=30),
    Subscriber("knowledge.tell_author", ("knowledge.sent_back", "knowledge.approved"), tell_author, order=30),
    Subscriber("knowledge.tell_owner", ("knowledge.disliked",), tell_owner, order=30),
)
