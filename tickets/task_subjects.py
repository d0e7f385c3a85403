"""Tickets have tasks; the customer's timeline tells of them."""

from crm.planner.subjects import TaskSubject, subjects
from customers.meetings import guests_of_customers, log_with_customers

subjects.register(
    TaskSubject(
        "ticket", "tickets.view", anchors=lambda ticket: [ticket.customer], guests=guests_of_customers,
        held=log_with_customers,
    )
)  # fmt: skip
