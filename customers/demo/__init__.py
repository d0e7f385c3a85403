"""Customers' demo data."""

from crm.core.sockets import DemoStep, demo

from ..figures.analysis import compute_facts
from .customers import make_customers
from .duplicates import make_duplicates
from .fields import make_fields
from .imports import make_import
from .levels import make_levels
from .portal import make_portal
from .segments import make_segments
from .sightings import make_sightings
from .trade import make_trade
from .visits import make_visits

demo.register(
    DemoStep("customers.customers", "Customers", make_customers, order=40),
    DemoStep("customers.trade", "Orders", make_trade, order=45),
    DemoStep("customers.portal", "Portal", make_portal, order=46),
    DemoStep("customers.duplicates", "Possible duplicates", make_duplicates, order=47),
    DemoStep("customers.figures", "Figures of customers", lambda context: compute_facts() and None, order=48),
    DemoStep("customers.fields", "Custom fields", make_fields, order=46),
    DemoStep("customers.imports", "Imports", make_import, order=48),
    DemoStep("customers.sightings", "Who saw whom", make_sightings, order=49),
    DemoStep("customers.levels", "Levels, wishes and offers", make_levels, order=67),
    DemoStep("customers.visits", "Visits", make_visits, order=67),
    DemoStep("customers.segments", "Segments", make_segments, order=68),
)
