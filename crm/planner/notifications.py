from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NotificationKind, notification_kinds

_GROUP, _SEE = _("Tasks"), "planner.view"

notification_kinds.register(
    NotificationKind(
        "planner.task_due", _("Task due"), _GROUP, _SEE, _("The task “%(title)s” is due"), urgent=True, order=10
    ),
    NotificationKind(
        "planner.task_assigned", _("Task for you"), _GROUP, _SEE, _("%(actor)s gave you the task “%(title)s”"), order=20
    ),
    NotificationKind(
        "planner.task_finished",
        _("Task of yours done by another"),
        _GROUP,
        _SEE,
        _("%(actor)s finished the task “%(title)s”"),
        order=30,
    ),
    NotificationKind(
        "planner.meeting_invited",
        _("Meeting with you"),
        _("Meetings"),
        _SEE,
        _("%(actor)s planned the meeting “%(title)s” with you"),
        order=40,
    ),
    NotificationKind(
        "planner.meeting_changed",
        _("Meeting changed"),
        _("Meetings"),
        _SEE,
        _("%(actor)s changed the meeting “%(title)s”"),
        order=41,
    ),
    NotificationKind(
        "planner.meeting_cancelled",
        _("Meeting cancelled"),
        _("Meetings"),
        _SEE,
        _("%(actor)s called the meeting “%(title)s” off"),
        order=42,
    ),
    NotificationKind(
        "planner.meeting_due",
        _("Meeting begins"),
        _("Meetings"),
        _SEE,
        _("The meeting “%(title)s” begins soon"),
        urgent=True,
        push=True,
        order=43,
    ),
    NotificationKind(
        "planner.meeting_over",
        _("What came of the meeting?"),
        _("Meetings"),
        _SEE,
        _("What came of the meeting “%(title)s”? Note it in a few words."),
        order=44,
    ),
    NotificationKind(
        "planner.meeting_answered",
        _("Invitation answered"),
        _("Meetings"),
        _SEE,
        _("%(guest)s answered the invitation to “%(title)s”: %(answer)s"),
        order=45,
    ),
    NotificationKind(
        "planner.meeting_written",
        _("A guest wrote about a meeting"),
        _("Meetings"),
        _SEE,
        _("%(guest)s wrote about “%(title)s”"),
        order=46,
    ),
    NotificationKind(
        "planner.meeting_proposed",
        _("Another time proposed"),
        _("Meetings"),
        _SEE,
        _("%(guest)s proposed another time for “%(title)s”"),
        order=47,
    ),
)
