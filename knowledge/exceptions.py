from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, NotReady


class TextChanged(Conflict):
    """The text has a newer version than the one the person looked at."""

    default = _("This text has a newer version. Look at it, then do it again.")


class NothingToPublish(NotReady):
    """The text is empty or was never written."""

    default = _("There is nothing to publish: write a title and a text first.")


class NotPublished(NotReady):
    default = _("This text is not published.")


class CategoryInUse(NotReady):
    default = _("Articles or categories stand in this category. Move them first, then delete it.")
