"""What follows from a deed in sales. Safe to run twice."""

from crm.core.sockets import Subscriber, subscribers

from .lead_telling import tell_holder, tell_previous_holder

subscribers.register(
    Subscriber(
        "leads.tell_holder", ("leads.assigned", "leads.asked_again", "leads.return_near"), tell_holder
    ),
    Subscriber("leads.tell_previous_holder", ("leads.returned",), tell_previous_holder),
)  # fmt: skip
