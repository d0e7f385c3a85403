from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(90, "task", "planner.Task", _("Task"), _("Tasks"), "checkbox", "planner:task_detail"),
    Kind(174, "meeting", "planner.Meeting", _("Meeting"), _("Meetings"), "calendar", "planner:meeting_detail"),
)
