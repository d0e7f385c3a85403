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
)
