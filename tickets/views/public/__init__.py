from .again import TicketAskAgain, TicketExpectedAgain
from .home import HelpHome
from .lost import TicketLost, TicketLostSent
from .rating import TicketRate
from .submit import TicketExpected, TicketReceived, TicketSent, TicketSubmit
from .tracking import (
    TicketTrack,
    TicketTrackConfirm,
    TicketTrackReply,
    TicketTrackSolved,
    TicketTrackTexts,
)

__all__ = [
    "HelpHome",
    "TicketAskAgain",
    "TicketExpected",
    "TicketExpectedAgain",
    "TicketLost",
    "TicketLostSent",
    "TicketRate",
    "TicketReceived",
    "TicketSent",
    "TicketSubmit",
    "TicketTrack",
    "TicketTrackConfirm",
    "TicketTrackReply",
    "TicketTrackSolved",
    "TicketTrackTexts",
]
