"""Marketing in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions.landing_bin import erase_page, undelete_page
from .selectors.landing import deleted_pages

recyclables.register(
    Recyclable(
        "landing_page",
        "landing.delete",
        deleted_pages,
        restore=lambda actor, record: undelete_page(actor=actor, record=record),
        erase=lambda actor, record: erase_page(actor=actor, record=record),
        order=70,
    )
)
