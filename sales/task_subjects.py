"""What of sales has tasks."""

from crm.planner.subjects import TaskSubject, subjects
from customers.meetings import guests_of_customers, log_with_customers

subjects.register(TaskSubject("lead", "leads.view"))
subjects.register(TaskSubject("contract", "contracts.view", anchors=lambda contract: [contract.customer]))
subjects.register(
    TaskSubject(
        "opportunity", "opportunities.view", anchors=lambda deal: [deal.customer], guests=guests_of_customers,
        held=log_with_customers,
    )
)  # fmt: skip
