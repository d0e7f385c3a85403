from crm.exchange.declarations import importers

from .importing import leads, prices

importers.register(leads.IMPORTER, prices.IMPORTER)
