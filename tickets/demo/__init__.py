"""The demo's service desk. What people write stands in en/ and zh-hans/, a few lines a conversation."""

from crm.core.sockets import DemoStep, demo

from .calls import make_calls
from .colleagues import make_requests_and_parts
from .desk import set_up_desk
from .purchases import make_concerns
from .tickets import make_tickets
from .todo import make_tasks

demo.register(
    DemoStep("tickets.desk", "Service desk", set_up_desk, order=30),
    DemoStep("tickets.tickets", "Tickets", make_tickets, order=60),
    DemoStep("tickets.purchases", "What tickets are about", make_concerns, order=61),
    DemoStep("tickets.tasks", "Tasks", make_tasks, order=65),
    DemoStep("tickets.colleagues", "Requests of colleagues, parts of tickets", make_requests_and_parts, order=66),
    DemoStep("tickets.calls", "Calls", make_calls, order=66),
)
