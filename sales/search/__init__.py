"""What search finds of sales."""

from crm.search.declarations import search_documents

from .leads import LEAD_DOCUMENTS
from .opportunities import DEAL_DOCUMENTS
from .quotes import QUOTE_DOCUMENTS

search_documents.register(*DEAL_DOCUMENTS, *LEAD_DOCUMENTS, *QUOTE_DOCUMENTS)
