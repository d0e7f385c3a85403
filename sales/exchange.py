from crm.exchange.declarations import importers

from .importing.prices import IMPORTER

importers.register(IMPORTER)
