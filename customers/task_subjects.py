"""Customers have tasks and meetings."""

from crm.planner.subjects import TaskSubject, subjects

from .meetings import guests_of, log_meeting

subjects.register(TaskSubject("customer", "customers.view", guests=guests_of, held=log_meeting))
