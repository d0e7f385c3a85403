from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .generic.bulk import run_batch
from .generic.exports import export_batch

runners.register(
    Runner("ui.bulk", _("Bulk action"), run_batch),
    Runner("ui.export", _("Export"), export_batch),
)
