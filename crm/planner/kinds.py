from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(Kind(90, "task", "planner.Task", _("Task"), _("Tasks"), "checkbox", "planner:task_detail"))
