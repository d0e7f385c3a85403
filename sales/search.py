"""What search finds of sales."""

from crm.search.declarations import search_documents

from .deal_search import DEAL_DOCUMENTS
from .lead_search import LEAD_DOCUMENTS

search_documents.register(*DEAL_DOCUMENTS, *LEAD_DOCUMENTS)
