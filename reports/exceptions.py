from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotFound


class NoSuchCard(NotFound):
    """The address names a part of the board that does not exist."""

    default = _("There is no such part of the board. Go back to the board and choose another.")


class NoSuchReport(NotFound):
    """The address names a report that does not exist, or that counts what the reader may not see."""

    default = _("There is no such report among those you may read. Go back to the reports and choose another.")
