from .assignment import AgentProfile, AssignmentDecision, Skill
from .canned import CannedReply
from .followers import TicketFollower
from .links import LinkWish
from .macros import Macro
from .merging import MergedTicket, StandIn
from .pending import PendingReply
from .questions import RequestTypeQuestion
from .ratings import Rating
from .settings import PriorityRule, RequestType, ServiceSettings, Status
from .sla import SlaPolicy
from .spans import StatusSpan, TicketFacts
from .tickets import Request, Ticket, TicketPresence

__all__ = [
    "AgentProfile",
    "AssignmentDecision",
    "CannedReply",
    "LinkWish",
    "Macro",
    "MergedTicket",
    "PendingReply",
    "PriorityRule",
    "Rating",
    "Request",
    "RequestType",
    "RequestTypeQuestion",
    "ServiceSettings",
    "Skill",
    "SlaPolicy",
    "StandIn",
    "Status",
    "StatusSpan",
    "Ticket",
    "TicketFacts",
    "TicketFollower",
    "TicketPresence",
]
