from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command("import_new", _("Import a file"), "import", "exchange:import_choose", "exchange.use",
            keywords=_("csv xlsx excel spreadsheet upload customers products orders equipment"), order=75),
    Command("import_list", _("Imports"), "history", "exchange:import_list", "exchange.use",
            keywords=_("history undo file error rows"), order=76),
)  # fmt: skip
