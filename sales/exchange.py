from crm.exchange.declarations import importers

from .importing import leads, opportunities, prices

importers.register(leads.IMPORTER, opportunities.IMPORTER, prices.IMPORTER)
