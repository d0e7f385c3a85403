from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """How far an import is."""

    DRAFT = "draft", pgettext_lazy("import", "Columns to choose")
    CHECKING = "checking", pgettext_lazy("import", "Being checked")
    CHECKED = "checked", pgettext_lazy("import", "Checked")
    RUNNING = "running", pgettext_lazy("import", "Running")
    DONE = "done", pgettext_lazy("import", "Imported")
    STOPPED = "stopped", pgettext_lazy("import", "Stopped")
    UNDOING = "undoing", pgettext_lazy("import", "Being undone")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


#: States in which a job works.
WORKING = frozenset({State.CHECKING, State.RUNNING, State.UNDOING})


class Existing(models.TextChoices):
    """What becomes of a row whose record is there already."""

    SKIP = "skip", _("Leave it as it is and skip the row")
    UPDATE = "update", _("Update it; empty cells change nothing")
    MAKE = "make", _("Make a second one anyway")


class DateOrder(models.TextChoices):
    """How 03/04/2026 is read; dates that begin with the year are always understood."""

    DAY_FIRST = "day", _("Day first: 31/12/2026")
    MONTH_FIRST = "month", _("Month first: 12/31/2026")


class Outcome(models.TextChoices):
    """What a row does, or did."""

    MADE = "made", pgettext_lazy("import row", "New")
    CHANGED = "changed", pgettext_lazy("import row", "Updated")
    SKIPPED = "skipped", pgettext_lazy("import row", "Skipped")
    WRONG = "wrong", pgettext_lazy("import row", "Error")
