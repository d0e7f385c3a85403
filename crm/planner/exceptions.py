from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotReady


class TaskIsDone(NotReady):
    """A finished task does not change."""

    default = _("This task is done. Reopen it to change it.")
