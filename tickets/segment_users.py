"""Policies of the service desk that ask whether a ticket's customer is in a segment."""

from django.utils.translation import gettext_lazy as _

from customers.segmenting.uses import SegmentUser, naming, segment_users

from .models import SlaPolicy

segment_users.register(
    SegmentUser(
        "sla_policies", _("SLA policies"), lambda segment_id: naming(SlaPolicy.objects.all(), "condition", segment_id)
    )
)
