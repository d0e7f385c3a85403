from crm.activity.models import Activity
from crm.core.sockets import Subscriber, subscribers

from .figures.computing import WatchedDeeds, follow_products
from .figures.computing import follow as follow_figures
from .segmenting.following import WatchedTypes, follow, follow_many


def figures(activity: Activity) -> None:
    """The figures and levels of whoever ordered, was merged, paid late or complained."""
    follow_figures([activity])


def products(activity: Activity) -> None:
    """The wishes that a product fits."""
    follow_products([activity])


subscribers.register(
    Subscriber("customers.figures", WatchedDeeds(), figures, order=60, run_many=follow_figures),
    Subscriber("customers.wishes", ("orders.product_saved",), products, order=61, run_many=follow_products),
)
#: Behind the figures, which segments ask about.
subscribers.register(Subscriber("customers.segments", WatchedTypes(), follow, order=90, run_many=follow_many))
