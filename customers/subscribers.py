from crm.activity.models import Activity
from crm.core.sockets import Subscriber, subscribers

from .figures.analysis import compute_facts
from .models import Order
from .segmenting.following import WatchedTypes, follow


def figures(activity: Activity) -> None:
    """The figures of whoever ordered, and of whoever was merged, follow their orders."""
    if activity.kind_key == "order":
        ids = list(Order.objects.filter(pk=activity.object_id).values_list("customer_id", flat=True))
    else:
        ids = [activity.object_id, *activity.data.get("others", [])]
    if ids:
        compute_facts(ids)


subscribers.register(
    Subscriber(
        "customers.figures",
        ("orders.placed", "orders.changed", "orders.refunded", "orders.cancelled", "customers.merged",
         "customers.unmerged"),
        figures,
    )
)  # fmt: skip
#: Behind the figures, which segments ask about.
subscribers.register(Subscriber("customers.segments", WatchedTypes(), follow, order=90))
