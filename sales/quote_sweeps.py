from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions.quote_answers import expire_quotes


def expire() -> int:
    return expire_quotes(actor=Actor.system("expiry"))


sweeps.register(Sweep("quotes.expire", _("End quotes whose last day has passed"), 600, expire))
