"""What quotes start with: high discounts and large totals need a sales manager's consent."""

from __future__ import annotations

from crm.accounts.models import Role
from crm.approvals.models import ApprovalFlow, FlowStep
from crm.core.translated import Translated


def seed_flow() -> None:
    role = Role.objects.filter(key="sales_manager").first()
    if role is None or ApprovalFlow.objects.filter(kind="quote").exists():
        return
    flow = ApprovalFlow.objects.create(
        kind="quote",
        name=Translated({"en": "High discount or large total", "zh-hans": "高折扣或大额报价"}),
        condition={
            "v": 1,
            "any": [
                {"field": "quote.top_discount", "op": "more_than", "value": 15},
                {"field": "quote.gross", "op": "more_than", "value": 100000},
            ],
        },
        order=10,
    )
    FlowStep.objects.create(flow=flow, position=0, who="role", role=role, rule="any")
