from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("home", "", _("Home"), "home", "console:home", order=0),
    NavItem("settings", "settings", _("Settings"), "settings", "console:settings", "console.view_settings", order=90),
)
