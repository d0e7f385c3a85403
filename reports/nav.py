from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("dashboards", "reports", _("Dashboards"), "dashboard", "reports:board", "reports.view_board", order=10)
)
