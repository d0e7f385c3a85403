from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotFound


class NoSuchCard(NotFound):
    """The address names a part of the board that does not exist."""

    default = _("There is no such part of the board. Go back to the board and choose another.")
