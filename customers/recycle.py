"""Customers, products, orders and devices in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_customer, restore_customer
from .actions.trade_bin import erase_trade, restore_trade, right_for
from .models import Equipment, Order, Product
from .selectors import deleted_customers, deleted_trade

recyclables.register(
    Recyclable(
        "customer",
        "customers.delete",
        deleted_customers,
        restore=lambda actor, record: restore_customer(actor=actor, customer=record),
        erase=lambda actor, record: erase_customer(actor=actor, customer=record),
        order=90,  # after what belongs to customers
    )
)


def _trade(key: str, model: type[Product | Order | Equipment], order: int) -> Recyclable:
    return Recyclable(
        key,
        right_for(model),
        lambda actor: deleted_trade(actor, model),
        restore=lambda actor, record: restore_trade(actor=actor, row=record),
        erase=lambda actor, record: erase_trade(actor=actor, row=record),
        order=order,
    )


recyclables.register(_trade("order", Order, 60), _trade("equipment", Equipment, 50), _trade("product", Product, 70))
