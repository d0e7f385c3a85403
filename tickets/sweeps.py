from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .actions.assignment import assign_waiting
from .actions.links import look_for_links
from .actions.presence import forget_presence
from .actions.sending import release_due
from .actions.standing_in import move_after_shifts, move_for_absences
from .actions.statuses import close_due

sweeps.register(
    Sweep("tickets.assign_waiting", _("Assign waiting tickets"), 5, assign_waiting, queue="urgent", urgent=True),
    Sweep("tickets.absences", _("Move work of colleagues who are away"), 60, move_for_absences),
    Sweep("tickets.shift_ends", _("Hand on work at the end of shifts"), 60, move_after_shifts),
    Sweep("tickets.presence", _("Forget who looked at tickets"), 3600, forget_presence),
    Sweep("tickets.send_replies", _("Send replies"), 1, release_due, queue="urgent", urgent=True),
    Sweep("tickets.lost_links", _("Send lost links again"), 5, look_for_links, urgent=True),
    Sweep("tickets.close", _("Close resolved tickets"), 60, close_due),
)
