"""What search finds of sales."""

from crm.search.declarations import search_documents

from .contracts import CONTRACT_DOCUMENTS
from .leads import LEAD_DOCUMENTS
from .opportunities import DEAL_DOCUMENTS
from .quotes import QUOTE_DOCUMENTS

search_documents.register(*CONTRACT_DOCUMENTS, *DEAL_DOCUMENTS, *LEAD_DOCUMENTS, *QUOTE_DOCUMENTS)
