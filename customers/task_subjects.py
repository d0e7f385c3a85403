"""Customers have tasks."""

from crm.planner.subjects import TaskSubject, subjects

subjects.register(TaskSubject("customer", "customers.view"))
