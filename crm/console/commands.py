from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command("console.home", _("Go to home"), "home", "console:home", shortcut="g h", order=1),
    Command(
        "console.settings", _("Go to settings"), "settings", "console:settings", "console.view_settings", shortcut="g s"
    ),
    Command(
        "console.invite",
        _("Invite a user"),
        "assign",
        "console:user_create",
        "console.manage_staff",
        _("new colleague staff account"),
        order=80,
    ),
    Command(
        "console.staff_import",
        _("Bring in staff from a file"),
        "import",
        "console:staff_import",
        "console.manage_staff",
        _("csv xlsx excel spreadsheet users upload"),
        order=81,
    ),
    Command(
        "console.profile", _("My account"), "person", "console:profile", keywords=_("password availability sign out")
    ),
)
