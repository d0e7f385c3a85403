"""What can happen to an import. Its rows are told by their own records, quietly."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "exchange.use"

activity_types.register(
    ActivityType(950, "exchange.checked", _("File checked"),
                 _("%(actor)s checked %(rows)s rows of %(file)s (%(what)s)"), "search", "neutral", _SEE, "bulk"),
    ActivityType(951, "exchange.imported", _("File imported"),
                 _("%(actor)s imported %(file)s (%(what)s): %(made)s new, %(changed)s updated"), "import", "success",
                 _SEE),
    ActivityType(952, "exchange.stopped", _("Import stopped"), _("%(actor)s stopped the import of %(file)s"), "stop",
                 "warning", _SEE),
    ActivityType(953, "exchange.undone", _("Import undone"),
                 _("%(actor)s undid the import of %(file)s: %(undone)s rows back, %(left)s left"), "undo", "warning",
                 _SEE),
)  # fmt: skip
