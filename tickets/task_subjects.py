"""Tickets have tasks; the customer's timeline tells of them."""

from crm.planner.subjects import TaskSubject, subjects

subjects.register(TaskSubject("ticket", "tickets.view", anchors=lambda ticket: [ticket.customer]))
