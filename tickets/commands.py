from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command("request_new", _("Ask a department"), "inbox", "requests:request_choose", create=True,
            keywords=_("request it help employee colleague"), order=12),
    Command("ticket_new", _("New ticket"), "ticket", "tickets:ticket_create", "tickets.create", create=True,
            keywords=_("create request call phone caller"), shortcut="c t", order=10),
)  # fmt: skip
