from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "imports",
        "system",
        _("Imports"),
        _("Files that came in: who, when, how many rows, and the way back."),
        "import",
        "exchange:import_list",
        "exchange.use",
        10,
        _("csv xlsx excel upload undo history"),
    )
)
