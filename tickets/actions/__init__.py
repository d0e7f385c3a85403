from .answering import accept_ticket, add_note, customer_reply, reply, take_next, verify_requester
from .assignment import assign_automatically, assign_waiting
from .canned import save_canned_reply
from .editing import change_priority, delete_ticket, reassign_ticket, update_ticket
from .following import follow_ticket, unfollow_ticket
from .intake import create_ticket, submit_by_mail, submit_ticket
from .links import look_for_link, look_for_links, wish_for_link
from .macros import run_macro, save_macro
from .merging import merge_tickets, undo_merge
from .parts import finish_part, open_part
from .portal import submit_in_portal
from .presence import be_present
from .rating import rate_ticket
from .recycling import erase_ticket, restore_ticket
from .requesting import submit_request
from .sending import release_due, send_anyway, send_reply_in, take_back
from .standing_in import hand_on, stand_in, take_back_tickets
from .statuses import (
    change_status,
    close_due,
    close_ticket,
    confirm_by_customer,
    reopen,
    resolve_ticket,
    solve_by_customer,
)

__all__ = [
    "accept_ticket",
    "add_note",
    "assign_automatically",
    "assign_waiting",
    "be_present",
    "change_priority",
    "change_status",
    "close_due",
    "close_ticket",
    "confirm_by_customer",
    "create_ticket",
    "customer_reply",
    "delete_ticket",
    "erase_ticket",
    "finish_part",
    "follow_ticket",
    "hand_on",
    "look_for_link",
    "look_for_links",
    "merge_tickets",
    "open_part",
    "rate_ticket",
    "reassign_ticket",
    "release_due",
    "reopen",
    "reply",
    "resolve_ticket",
    "restore_ticket",
    "run_macro",
    "save_canned_reply",
    "save_macro",
    "send_anyway",
    "send_reply_in",
    "solve_by_customer",
    "stand_in",
    "submit_by_mail",
    "submit_in_portal",
    "submit_request",
    "submit_ticket",
    "take_back",
    "take_back_tickets",
    "take_next",
    "undo_merge",
    "unfollow_ticket",
    "update_ticket",
    "verify_requester",
    "wish_for_link",
]
