"""Marketing in the recycle bin."""

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import Recyclable, recyclables

from .actions import bin
from .selectors.binned import deleted_campaigns, deleted_journeys, deleted_pages


def _on(verb: Any) -> Any:
    """A verb of this app as the bin calls it."""

    def call(actor: Actor, record: Any) -> Any:
        return verb(actor=actor, record=record)

    return call


recyclables.register(
    Recyclable("landing_page", "landing.delete", deleted_pages, restore=_on(bin.undelete_page),
               erase=_on(bin.erase_page), order=70),
    Recyclable("campaign", "campaigns.create", deleted_campaigns, restore=_on(bin.undelete_campaign),
               erase=_on(bin.erase_campaign), order=71),
    Recyclable("journey", "journeys.create", deleted_journeys, restore=_on(bin.undelete_journey),
               erase=_on(bin.erase_journey), order=72),
)  # fmt: skip
