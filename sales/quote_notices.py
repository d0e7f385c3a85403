"""Who hears of what a customer does with a quote. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import NotificationKind, Subscriber, notification_kinds, subscribers
from crm.notifications.actions import notify

from .models import Quote

_GROUP, _SEE = _("Quotes"), "quotes.view"

notification_kinds.register(
    NotificationKind("quotes.accepted", _("Quote accepted"), _GROUP, _SEE,
                     _("%(who)s accepted the quote %(number)s: %(amount)s"), mail=True, urgent=True, order=10),
    NotificationKind("quotes.declined", _("Quote declined"), _GROUP, _SEE,
                     _("%(who)s declined the quote %(number)s"), order=20),
    NotificationKind("quotes.answered", _("Answer to a quote"), _GROUP, _SEE,
                     _("%(actor)s answered the quote %(number)s"), order=30),
    NotificationKind("quotes.expired", _("Quote expired"), _GROUP, _SEE, _("The quote %(number)s has expired"),
                     order=40),
)  # fmt: skip


def tell_owner(activity: Activity) -> None:
    """The quote's owner."""
    quote = Quote.objects.select_related("owner").filter(pk=activity.object_id).first()
    if quote is None or quote.owner is None:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key,
        users=[quote.owner],
        subject=quote,
        data=activity.data,
        url=reverse("quotes:quote_detail", args=[quote.pk]),
        activity_id=activity.pk,
    )


subscribers.register(
    Subscriber("quotes.tell_owner", ("quotes.accepted", "quotes.declined", "quotes.answered", "quotes.expired"),
               tell_owner, order=40)
)  # fmt: skip
