"""What contracts and payments start with: large amounts need a sales manager's consent, and a brand its reminders."""

from __future__ import annotations

from crm.accounts.models import Role
from crm.approvals.models import ApprovalFlow, FlowStep
from crm.core.models import Brand
from crm.core.translated import Translated

from ..models import PaymentSettings

#: Above this a contract needs consent.
LARGE = 200_000


def seed_contract_flow() -> None:
    role = Role.objects.filter(key="sales_manager").first()
    if role is None or ApprovalFlow.objects.filter(kind="contract").exists():
        return
    flow = ApprovalFlow.objects.create(
        kind="contract",
        name=Translated({"en": "Large contract", "zh-hans": "大额合同"}),
        condition={"v": 1, "all": [{"field": "contract.amount", "op": "more_than", "value": LARGE}]},
        order=20,
    )
    FlowStep.objects.create(flow=flow, position=0, who="role", role=role, rule="any")


def seed_payment_settings() -> None:
    for brand in Brand.objects.order_by("pk"):
        PaymentSettings.objects.get_or_create(brand=brand)
