"""Who is told of mail that waits. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.accounts.access import users_who_can
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import Subscriber, subscribers
from crm.messaging.models import InboundMail
from crm.notifications.actions import notify


def tell_mail_waits(activity: Activity) -> None:
    """Everybody who may decide on held mail learns of it, unless a colleague already has."""
    mail = InboundMail.objects.waiting().filter(pk=activity.object_id).first()
    if mail is not None:
        notify(
            actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
            kind="console.mail_waits",
            users=users_who_can("messaging.handle_mail"),
            subject=mail,
            data=activity.data,
            url=reverse("console:inbound_mail_detail", args=[mail.pk]),
            activity_id=activity.pk,
        )


subscribers.register(Subscriber("console.tell_mail_waits", ("messaging.mail_waits",), tell_mail_waits, order=30))
