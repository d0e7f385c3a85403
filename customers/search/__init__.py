"""What search finds of customers."""

from crm.search.declarations import search_documents

from .customers import CUSTOMER_DOCUMENT
from .trade import TRADE_DOCUMENTS

search_documents.register(CUSTOMER_DOCUMENT, *TRADE_DOCUMENTS)
