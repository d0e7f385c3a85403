from crm.exchange.declarations import importers

from .importing import customers, equipment, orders, products

importers.register(customers.IMPORTER, products.IMPORTER, orders.IMPORTER, equipment.IMPORTER)
