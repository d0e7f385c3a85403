from .again import TicketAskAgain, TicketExpectedAgain
from .home import HelpHome
from .rating import TicketRate
from .submit import TicketExpected, TicketReceived, TicketSent, TicketSubmit
from .tracking import TicketTrack, TicketTrackConfirm, TicketTrackReply

__all__ = [
    "HelpHome",
    "TicketAskAgain",
    "TicketExpected",
    "TicketExpectedAgain",
    "TicketRate",
    "TicketReceived",
    "TicketSent",
    "TicketSubmit",
    "TicketTrack",
    "TicketTrackConfirm",
    "TicketTrackReply",
]
