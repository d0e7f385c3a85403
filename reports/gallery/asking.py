"""What a reader asks of a report: which days."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..board import Board, company_zone
from ..periods import LENGTHS, last_days, period_from

DEFAULT = "30d"


def asked(params: Mapping[str, str], viewer: Actor, default: str = DEFAULT) -> Board:
    """The question of an address. Days that cannot be read are named in `notices`. One query."""
    zone = company_zone()
    try:
        given = {"period": default, **{name: params[name] for name in ("period", "from", "to") if params.get(name)}}
        return Board(viewer, period_from(given, zone), ())
    except Invalid as error:
        notice = _("%(problem)s The last 30 days are shown.") % {"problem": error.message}
        return Board(viewer, last_days(LENGTHS[DEFAULT], zone, DEFAULT), (), notices=(notice,))
