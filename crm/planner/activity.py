"""What can happen to a task or a meeting. Its record's timeline tells of it too."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "planner.view"

activity_types.register(
    ActivityType(900, "planner.task_added", _("Task added"), _("%(actor)s added the task “%(title)s”"),
                 "task", "info", _SEE),
    ActivityType(901, "planner.task_changed", _("Task changed"), _("%(actor)s changed the task “%(title)s”"),
                 "task", "neutral", _SEE),
    ActivityType(902, "planner.task_assigned", _("Task handed over"),
                 _("%(actor)s gave the task “%(title)s” to %(holder)s"), "task", "neutral", _SEE),
    ActivityType(903, "planner.task_finished", _("Task done"), _("%(actor)s finished the task “%(title)s”"),
                 "done", "success", _SEE, card=True),
    ActivityType(904, "planner.task_reopened", _("Task reopened"), _("%(actor)s reopened the task “%(title)s”"),
                 "undo", "caution", _SEE),
    ActivityType(905, "planner.task_due", _("Task due"), _("The task “%(title)s” is due"), "clock", "warning", _SEE),
    ActivityType(906, "planner.task_deleted", _("Task deleted"), _("%(actor)s deleted the task “%(title)s”"),
                 "delete", "danger", _SEE),
    ActivityType(907, "planner.task_restored", _("Task restored"),
                 _("%(actor)s took the task “%(title)s” out of the recycle bin"), "restore", "success", _SEE),
    ActivityType(908, "planner.task_erased", _("Task deleted for good"),
                 _("%(actor)s deleted the task “%(title)s” for good"), "delete", "danger", _SEE, lane="bulk"),
    ActivityType(1760, "planner.meeting_added", _("Meeting planned"), _("%(actor)s planned the meeting “%(title)s”"),
                 "calendar", "info", _SEE),
    ActivityType(1761, "planner.meeting_changed", _("Meeting changed"), _("%(actor)s changed the meeting “%(title)s”"),
                 "calendar", "neutral", _SEE),
    ActivityType(1762, "planner.meeting_cancelled", _("Meeting cancelled"),
                 _("%(actor)s called the meeting “%(title)s” off"), "close", "danger", _SEE, card=True),
    ActivityType(1763, "planner.meeting_due", _("Meeting begins"), _("The meeting “%(title)s” begins soon"),
                 "clock", "info", _SEE),
    ActivityType(1764, "planner.meeting_over", _("Meeting is over"), _("The meeting “%(title)s” is over"), "clock",
                 "neutral", _SEE),
    ActivityType(1765, "planner.meeting_held", _("Meeting held"),
                 _("%(actor)s noted what came of the meeting “%(title)s”"), "done", "success", _SEE, card=True),
    ActivityType(280, "planner.meeting_answered", _("Invitation answered"),
                 _("%(guest)s answered the invitation to “%(title)s”: %(answer)s"), "mail", "info", _SEE),
    ActivityType(281, "planner.meeting_written", _("Words of a guest"), _("%(guest)s wrote about “%(title)s”"),
                 "mail", "info", _SEE, card=True),
    ActivityType(282, "planner.meeting_handed_over", _("Meeting handed over"),
                 _("%(actor)s put %(to)s in the place of %(from)s in “%(title)s”"), "transfer", "neutral", _SEE),
    ActivityType(283, "planner.meeting_deleted", _("Meeting deleted"), _("%(actor)s deleted the meeting “%(title)s”"),
                 "delete", "danger", _SEE),
    ActivityType(284, "planner.meeting_restored", _("Meeting restored"),
                 _("%(actor)s took the meeting “%(title)s” out of the recycle bin"), "restore", "success", _SEE),
    ActivityType(285, "planner.meeting_erased", _("Meeting deleted for good"),
                 _("%(actor)s deleted the meeting “%(title)s” for good"), "delete", "danger", _SEE, lane="bulk"),
)  # fmt: skip
