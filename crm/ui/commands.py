"""Commands of the interface itself, for the palette and the shortcut list."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "ui.preferences",
        _("Preferences"),
        "preferences",
        "ui:preferences_page",
        keywords=_("language time zone theme dark density shortcuts profile"),
        shortcut="g p",
        order=80,
    ),
    Command("ui.style", _("Style page"), "brand", "ui:style", keywords=_("components design"), order=99),
)
