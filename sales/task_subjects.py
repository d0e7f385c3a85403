"""What of sales has tasks."""

from crm.planner.subjects import TaskSubject, subjects

subjects.register(TaskSubject("lead", "leads.view"))
subjects.register(TaskSubject("contract", "contracts.view", anchors=lambda contract: [contract.customer]))
subjects.register(TaskSubject("opportunity", "opportunities.view", anchors=lambda deal: [deal.customer]))
