from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command("task_new", _("New task"), "task", "planner:task_create", "planner.work", create=True,
            keywords=_("create to do reminder call"), order=40),
)  # fmt: skip
