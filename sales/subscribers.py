"""What follows from a deed in sales. Safe to run twice."""

from crm.core.sockets import Subscriber, subscribers

from .telling.contracts import tell_owner as tell_contract_owner
from .telling.leads import tell_holder, tell_previous_holder
from .telling.opportunities import tell_owner, tell_stale, tell_team
from .telling.pools import kept_alive, owner_changed
from .telling.pools import tell_owner as tell_customer_owner
from .telling.quotes import tell_owner as tell_quote_owner

subscribers.register(
    Subscriber(
        "leads.tell_holder", ("leads.assigned", "leads.asked_again", "leads.return_near"), tell_holder
    ),
    Subscriber("leads.tell_previous_holder", ("leads.returned",), tell_previous_holder),
)  # fmt: skip
subscribers.register(
    Subscriber(
        "opportunities.tell_owner",
        ("opportunities.created", "opportunities.updated", "opportunities.handed_over"),
        tell_owner,
        order=30,
    ),
    Subscriber("opportunities.tell_team", ("opportunities.won",), tell_team, order=40),
    Subscriber("opportunities.tell_stale", ("opportunities.went_stale",), tell_stale, order=40),
)
subscribers.register(
    Subscriber(
        "contracts.tell_owner",
        (
            "contracts.ending", "contracts.expired", "contracts.answered", "contracts.handed_over",
            "payments.received", "payments.reversed", "payments.overdue",
        ),
        tell_contract_owner,
        order=40,
    )
)  # fmt: skip
subscribers.register(
    Subscriber(
        "quotes.tell_owner",
        ("quotes.accepted", "quotes.declined", "quotes.answered", "quotes.expired"),
        tell_quote_owner,
        order=40,
    )
)
subscribers.register(
    Subscriber("pools.tell_owner", ("pools.return_near", "pools.returned"), tell_customer_owner, order=40),
    Subscriber("pools.owner_changed", ("customers.updated",), owner_changed, order=30),
    Subscriber(
        "pools.kept_alive", ("customers.talked", "orders.placed", "opportunities.created"), kept_alive, order=60
    ),
)
