from django.utils.translation import gettext_lazy as _

from crm.jobs.runners import Runner, runners

from .actions.demo import LOAD_KIND, REMOVE_KIND
from .actions.handover import hand_over_batch, undo_batch
from .actions.staff_import import KIND as IMPORT_KIND
from .actions.staff_import import import_batch
from .demo_data.jobs import load_step, remove_step
from .selectors.handover import KIND, UNDO_KIND

runners.register(
    Runner(KIND, _("Hand-over"), hand_over_batch, queue="default"),
    Runner(UNDO_KIND, _("Hand-over undone"), undo_batch, queue="default"),
    Runner(LOAD_KIND, _("Load demo data"), load_step),
    Runner(REMOVE_KIND, _("Remove demo data"), remove_step),
    Runner(IMPORT_KIND, _("Staff from a file"), import_batch, queue="default"),
)
