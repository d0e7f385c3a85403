"""What can happen to an approval. Its record's timeline tells of it too."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(970, "approvals.asked", _("Approval asked for"), _("%(actor)s asked to approve %(title)s"),
                 "approve", "info", card=True),
    ActivityType(971, "approvals.agreed", _("Step approved"), _("%(actor)s agreed to %(title)s"), "approve", "info",
                 card=True),
    ActivityType(972, "approvals.approved", _("Approved"), _("%(actor)s approved %(title)s"), "approve", "success",
                 card=True),
    ActivityType(973, "approvals.rejected", _("Rejected"), _("%(actor)s rejected %(title)s"), "reject", "danger",
                 card=True),
    ActivityType(974, "approvals.withdrawn", _("Approval withdrawn"),
                 _("%(actor)s withdrew the request to approve %(title)s"), "undo", "neutral"),
    ActivityType(975, "approvals.delegated", _("Approval handed over"),
                 _("%(actor)s asked %(to)s to decide on %(title)s instead"), "forward", "neutral", card=True),
    ActivityType(976, "approvals.voided", _("Approval void"),
                 _("The approval of %(title)s no longer counts: it was changed"), "warning", "caution"),
    ActivityType(977, "approvals.flow_saved", _("Approval flow saved"),
                 _("%(actor)s saved the approval flow %(title)s"), "approve", "neutral", "approvals.manage"),
)  # fmt: skip
