from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(120, "dead_delivery", "activity.DeadDelivery", _("Failed delivery"), _("Failed deliveries"), "error"),
)
