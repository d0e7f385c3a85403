"""Articles in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_article, restore_article
from .selectors import deleted_articles

recyclables.register(
    Recyclable(
        "article",
        "knowledge.delete",
        deleted_articles,
        restore=lambda actor, record: restore_article(actor=actor, article=record),
        erase=lambda actor, record: erase_article(actor=actor, article=record),
        order=10,
    )
)
