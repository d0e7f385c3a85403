"""Verbs on tasks and meetings."""

from .bin import delete_task, erase_task, restore_task
from .meeting_reminders import ask_for_outcomes, remind_of_meetings
from .meetings import add_meeting, cancel_meeting, change_meeting, note_outcome
from .reminders import remind
from .tasks import add_task, change_task, finish_task, move_tasks, reopen_task

__all__ = [
    "add_meeting",
    "add_task",
    "ask_for_outcomes",
    "cancel_meeting",
    "change_meeting",
    "change_task",
    "delete_task",
    "erase_task",
    "finish_task",
    "move_tasks",
    "note_outcome",
    "remind",
    "remind_of_meetings",
    "reopen_task",
    "restore_task",
]
