from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(60, "saved_view", "ui.SavedView", _("View"), _("Views"), "filter"),
    Kind(61, "job", "jobs.Job", _("Job"), _("Jobs"), "job", "ui:job_detail"),
)
