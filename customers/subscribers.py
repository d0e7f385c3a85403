from collections.abc import Sequence

from crm.activity.models import Activity
from crm.core.sockets import Subscriber, subscribers

from .figures.analysis import compute_facts
from .models import Order
from .segmenting.following import WatchedTypes, follow, follow_many


def figures(activity: Activity) -> None:
    """The figures of whoever ordered, and of whoever was merged, follow their orders."""
    figures_of_many([activity])


def figures_of_many(activities: Sequence[Activity]) -> None:
    """The figures of everybody whom these deeds are about, computed once each."""
    orders = [activity.object_id for activity in activities if activity.kind_key == "order"]
    ids = set(Order.objects.filter(pk__in=orders).values_list("customer_id", flat=True)) if orders else set()
    for activity in activities:
        if activity.kind_key != "order":
            ids |= {activity.object_id, *activity.data.get("others", [])}
    if ids:
        compute_facts(sorted(ids))


subscribers.register(
    Subscriber(
        "customers.figures",
        ("orders.placed", "orders.changed", "orders.refunded", "orders.cancelled", "customers.merged",
         "customers.unmerged"),
        figures,
        run_many=figures_of_many,
    )
)  # fmt: skip
#: Behind the figures, which segments ask about.
subscribers.register(Subscriber("customers.segments", WatchedTypes(), follow, order=90, run_many=follow_many))
