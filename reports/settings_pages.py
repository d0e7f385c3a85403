from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "service_targets", "service", _("Service targets"),
        _("What share of promises shall be kept, and how content customers shall be. Marked on board and reports."),
        "gauge", "reports:targets", "reports.set_targets", 45, _("SLA target goal satisfaction"),
    )
)  # fmt: skip
