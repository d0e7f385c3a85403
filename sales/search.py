"""What search finds of sales."""

from crm.search.declarations import search_documents

from .lead_search import LEAD_DOCUMENTS

search_documents.register(*LEAD_DOCUMENTS)
