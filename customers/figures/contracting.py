"""What active contracts are worth: the part of the value level that no purchase tells."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from crm.core import clock

from .currencies import Exchange
from .signs import amounts_of

_WRITE = """
INSERT INTO customers_customerfacts
    (customer_id, orders, bought, r, f, m, value, value_by_hand, value_note, computed_at, contract_value)
SELECT t.customer_id, 0, 0, 0, 0, 0, '', '', '', %(now)s, t.amount
FROM unnest(%(ids)s::bigint[], %(amounts)s::numeric[]) AS t(customer_id, amount)
JOIN customers_customer c ON c.id = t.customer_id AND c.deleted_at IS NULL
ORDER BY t.customer_id
ON CONFLICT (customer_id) DO UPDATE SET contract_value = excluded.contract_value
WHERE customers_customerfacts.contract_value <> excluded.contract_value
"""
_EMPTY = """
UPDATE customers_customerfacts SET contract_value = 0
WHERE contract_value <> 0 AND NOT customer_id = ANY(%(ids)s::bigint[])
  AND (%(asked)s::bigint[] IS NULL OR customer_id = ANY(%(asked)s))
"""


def compute_contract_values(ids: Sequence[int] | None = None) -> None:
    """Brings `contract_value` of these customers, or of all, up to date: in the company's currency, by today's rates.

    A contract in a currency without a rate is left out.
    """
    exchange = Exchange()
    found = {pk: exchange.total(amounts)[0] for pk, amounts in amounts_of("agreed", ids).items()}
    values = {
        "now": clock.now(), "ids": list(found), "amounts": list(found.values()),
        "asked": list(ids) if ids is not None else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        if found:
            cursor.execute(_WRITE, values)
        cursor.execute(_EMPTY, values)
