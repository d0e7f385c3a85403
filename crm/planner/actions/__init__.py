"""Verbs on tasks and meetings."""

from .answers import take_answer
from .bin import delete_meeting, delete_task, erase_meeting, erase_task, restore_meeting, restore_task
from .meeting_reminders import ask_for_outcomes, remind_of_meetings
from .meetings import add_meeting, cancel_meeting, change_meeting, note_outcome, replace_in_meeting
from .proposals import accept_proposal, decline_proposal
from .reminders import remind
from .tasks import add_task, change_task, finish_task, move_tasks, reopen_task, settle_tasks

__all__ = [
    "accept_proposal",
    "add_meeting",
    "add_task",
    "ask_for_outcomes",
    "cancel_meeting",
    "change_meeting",
    "change_task",
    "decline_proposal",
    "delete_meeting",
    "delete_task",
    "erase_meeting",
    "erase_task",
    "finish_task",
    "move_tasks",
    "note_outcome",
    "remind",
    "remind_of_meetings",
    "reopen_task",
    "replace_in_meeting",
    "restore_meeting",
    "restore_task",
    "settle_tasks",
    "take_answer",
]
