from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.sockets import Command, commands

commands.register(
    Command("task_new", _("New task"), "task", "planner:task_create", "planner.work", create=True,
            keywords=_("create to do reminder call"), order=40),
    Command("meeting_new", _("New meeting"), "calendar", "planner:meeting_create", "planner.work", create=True,
            keywords=_("appointment call invitation"), order=41),
    Command("calendar", pgettext_lazy("appointments", "Calendar"), "calendar", "planner:calendar", "planner.view",
            keywords=_("week day agenda meetings"), order=42),
)  # fmt: skip
