"""Segments that other segments name."""

from django.utils.translation import gettext_lazy as _

from .models import Segment
from .segmenting.uses import SegmentUser, segment_users

segment_users.register(
    SegmentUser("segments", _("Segments"), lambda segment_id: Segment.objects.filter(uses__contains=[segment_id]))
)
