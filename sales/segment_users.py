"""Price lists for the customers of a segment."""

from django.utils.translation import gettext_lazy as _

from customers.segmenting.uses import SegmentUser, naming, segment_users

from .models import PriceList

segment_users.register(
    SegmentUser(
        "price_lists", _("Price lists"), lambda segment_id: naming(PriceList.objects.all(), "condition", segment_id)
    )
)
