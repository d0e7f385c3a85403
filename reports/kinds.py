from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(220, "dashboard", "reports.Dashboard", _("Dashboard"), _("Dashboards"), "dashboard",
         "reports:dashboard_detail"),
    Kind(221, "mailed_report", "reports.MailedReport", _("Report by mail"), _("Reports by mail"), "mail"),
)  # fmt: skip
