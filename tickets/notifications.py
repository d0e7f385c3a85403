from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

_GROUP, _SEE = _("Tickets"), "tickets.view"

notification_kinds.register(
    NotificationKind(
        "tickets.assigned",
        _("Assigned to you"),
        _GROUP,
        _SEE,
        _("#%(number)s %(subject)s was assigned to you"),
        urgent=True,
        order=10,
    ),
    NotificationKind(
        "tickets.reassigned",
        _("Handed over to you"),
        _GROUP,
        _SEE,
        _("%(actor)s handed #%(number)s %(subject)s over to you"),
        order=20,
    ),
    NotificationKind(
        "tickets.customer_replied",
        _("Customer replied"),
        _GROUP,
        _SEE,
        _("%(actor)s replied to #%(number)s %(subject)s"),
        order=30,
    ),
    NotificationKind(
        "tickets.reopened", _("Reopened"), _GROUP, _SEE, _("#%(number)s %(subject)s was reopened"), order=40
    ),
    NotificationKind(
        "tickets.sla_at_risk",
        _("Deadline at risk"),
        _GROUP,
        _SEE,
        _("The %(measure)s of #%(number)s %(subject)s is at risk"),
        urgent=True,
        order=50,
    ),
    NotificationKind(
        "tickets.sla_breached",
        _("Deadline breached"),
        _GROUP,
        _SEE,
        _("The %(measure)s of #%(number)s %(subject)s is overdue"),
        urgent=True,
        order=60,
    ),
    NotificationKind(
        "tickets.queued",
        _("Waits for an agent"),
        _GROUP,
        _SEE,
        _("#%(number)s %(subject)s waits in the queue of %(team)s"),
        order=70,
    ),
    NotificationKind(
        "tickets.rated",
        _("Rated by the customer"),
        _GROUP,
        _SEE,
        _("%(actor)s rated #%(number)s with %(score)s of 5"),
        order=80,
    ),
    NotificationKind(
        "tickets.mentioned",
        _("Mentioned"),
        _GROUP,
        _SEE,
        _("%(actor)s mentioned you on #%(number)s %(subject)s"),
        urgent=True,
        order=25,
    ),
    NotificationKind(
        "tickets.replied",
        _("Reply on a followed ticket"),
        _GROUP,
        _SEE,
        _("%(actor)s replied to #%(number)s %(subject)s"),
        order=90,
    ),
    NotificationKind(
        "tickets.noted",
        _("Note on a followed ticket"),
        _GROUP,
        _SEE,
        _("%(actor)s added a note to #%(number)s %(subject)s"),
        order=100,
    ),
    NotificationKind(
        "tickets.status_changed",
        _("Status of a followed ticket"),
        _GROUP,
        _SEE,
        _("%(actor)s moved #%(number)s %(subject)s from %(before)s to %(after)s"),
        order=110,
    ),
    NotificationKind(
        "tickets.resolved",
        _("Followed ticket resolved"),
        _GROUP,
        _SEE,
        _("%(actor)s resolved #%(number)s %(subject)s"),
        order=120,
    ),
    NotificationKind(
        "tickets.closed",
        _("Followed ticket closed"),
        _GROUP,
        _SEE,
        _("%(actor)s closed #%(number)s %(subject)s"),
        order=130,
    ),
)
