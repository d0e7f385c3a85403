from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .actions.checking import CHECK, check_batch
from .actions.running import RUN, run_batch
from .actions.undoing import UNDO, undo_batch

runners.register(
    Runner(CHECK, _("Check of a file"), check_batch),
    Runner(RUN, _("Import of a file"), run_batch),
    Runner(UNDO, _("Undo of an import"), undo_batch),
)
