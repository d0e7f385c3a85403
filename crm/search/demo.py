"""The demo's records are found as soon as it is loaded."""

from crm.core.demo import DemoContext
from crm.core.sockets import DemoStep, demo

from .indexing import reindex_all


def index_demo(context: DemoContext) -> None:
    """Reads what the other steps made."""
    context.progress.start("Search index", context.tickets + context.customers)
    for written in reindex_all():
        context.progress.advance(written)


demo.register(DemoStep("search.index", "Search index", index_demo, order=95))
