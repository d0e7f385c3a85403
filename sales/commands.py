from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "lead_new", _("New lead"), "lead", "leads:lead_create", "leads.create",
        keywords=_("prospect inquiry"), create=True, order=25,
    ),
)  # fmt: skip
