from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .actions.portal import forget_expired, send_codes
from .figures.computing import nightly
from .figures.credit_asking import ask_due
from .recognising.pairs import find_pairs
from .segmenting.computing import compute_all
from .segmenting.following import look_at_due


def every_night() -> int:
    """The figures first, since segments ask about them; these are computed also when the figures fail."""
    try:
        done = nightly()
    finally:
        begun = compute_all()
    return done + begun


sweeps.register(
    Sweep("customers.figures", _("Figures of customers, reminders, segments"), 24 * 3600, every_night, queue="bulk")
)
sweeps.register(
    Sweep("customers.credit", _("Ask for credit reports that are due"), 300, ask_due, queue="bulk"),
)
sweeps.register(
    Sweep("customers.portal_codes", _("Send sign-in codes"), 5, send_codes, queue="urgent", urgent=True),
    Sweep("customers.portal_expired", _("Forget codes and sessions of the portal"), 3600, forget_expired),
)
sweeps.register(Sweep("customers.duplicates", _("Look for possible duplicates"), 3600, find_pairs, queue="bulk"))
sweeps.register(Sweep("customers.segments", _("Who comes into segments and leaves them"), 5, look_at_due, queue="bulk"))
