"""The index follows the deeds that its documents name."""

from crm.core.sockets import Subscriber, subscribers

from .declarations import search_documents
from .indexing import follow, follow_many

types = sorted({key for declared in search_documents for key in declared.stale_on})
subscribers.register(Subscriber("search.index", types, follow, order=80, run_many=follow_many))
