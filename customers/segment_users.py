"""What of customers itself, and of the rooms below, needs segments."""

from django.utils.translation import gettext_lazy as _

from crm.approvals.models import ApprovalFlow

from .models import Segment
from .segmenting.uses import SegmentUser, naming, segment_users

segment_users.register(
    SegmentUser("segments", _("Segments"), lambda segment_id: Segment.objects.filter(uses__contains=[segment_id])),
    SegmentUser(
        "approval_flows", _("Approval flows"),
        lambda segment_id: naming(ApprovalFlow.objects.all(), "condition", segment_id),
    ),
)  # fmt: skip
