from crm.core.sockets import ShellSlot, shell_slots

from . import week

shell_slots.register(
    ShellSlot("week", "home.side", "reports/partials/_week.html", week.context, "tickets.reply", order=30)
)
