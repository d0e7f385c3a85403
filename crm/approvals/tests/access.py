from crm.testing.access import Need

_NAMES = ("list", "detail", "approve", "reject", "delegate", "withdraw")

access_table: dict[str, Need] = {
    **{f"approvals:approval_{name}": "approvals.decide" for name in _NAMES},
    "approvals:flow_list": "approvals.manage",
    "approvals:flow_create": "approvals.manage",
    "approvals:flow_update": "approvals.manage",
}
