from .lines import MAX_LINES
from .opportunities import add_note, create_opportunity, update_opportunity
from .people import hand_over, set_collaborators, set_lines
from .recycling import delete_opportunity, erase_opportunity, restore_opportunity
from .stages import lose_opportunity, move_stage, reopen_opportunity, win_opportunity

__all__ = [
    "MAX_LINES",
    "add_note",
    "create_opportunity",
    "delete_opportunity",
    "erase_opportunity",
    "hand_over",
    "lose_opportunity",
    "move_stage",
    "reopen_opportunity",
    "restore_opportunity",
    "set_collaborators",
    "set_lines",
    "update_opportunity",
    "win_opportunity",
]
