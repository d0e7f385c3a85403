from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("owner", "reports", _("Owner's page"), "trend_up", "reports:owner", "reports.view_owner", order=5),
    NavItem(
        "service_board", "reports", _("Service overview"), "gauge", "reports:board", "reports.view_board", order=10
    ),
    NavItem("gallery", "reports", _("Reports"), "report", "reports:gallery", "reports.view", order=20),
    NavItem("dashboards", "reports", _("Dashboards"), "dashboard", "reports:dashboard_list", "reports.view", order=30),
    NavItem("mailed", "reports", _("Reports by mail"), "mail", "reports:mail_list", "reports.mail", order=40),
)
