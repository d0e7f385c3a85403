from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(97, "approval", "approvals.Approval", _("Approval"), _("Approvals"), "approve", "approvals:approval_detail"),
    Kind(98, "approval_flow", "approvals.ApprovalFlow", _("Approval flow"), _("Approval flows"), "approve",
         "approvals:flow_update"),
)  # fmt: skip
