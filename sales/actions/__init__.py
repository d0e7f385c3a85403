from .capture import capture_lead
from .conversion import convert_lead
from .holding import assign_lead, claim_lead, release_lead
from .lead_bin import delete_lead, erase_lead, restore_lead
from .lead_entry import create_lead
from .lead_scores import note_event
from .leads import discard_lead, log_lead_talk, reopen_lead, update_lead
from .lines import MAX_LINES
from .opportunities import add_note, create_opportunity, update_opportunity
from .people import hand_over, set_collaborators, set_lines
from .recycling import delete_opportunity, erase_opportunity, restore_opportunity
from .stages import lose_opportunity, move_stage, reopen_opportunity, win_opportunity
from .stale import mark_stale

__all__ = [
    "MAX_LINES",
    "add_note",
    "assign_lead",
    "capture_lead",
    "claim_lead",
    "convert_lead",
    "create_lead",
    "create_opportunity",
    "delete_lead",
    "delete_opportunity",
    "discard_lead",
    "erase_lead",
    "erase_opportunity",
    "hand_over",
    "log_lead_talk",
    "lose_opportunity",
    "mark_stale",
    "move_stage",
    "note_event",
    "release_lead",
    "reopen_lead",
    "reopen_opportunity",
    "restore_lead",
    "restore_opportunity",
    "set_collaborators",
    "set_lines",
    "update_lead",
    "update_opportunity",
    "win_opportunity",
]
