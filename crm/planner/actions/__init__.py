"""Verbs on tasks."""

from .bin import delete_task, erase_task, restore_task
from .reminders import remind
from .tasks import add_task, change_task, finish_task, move_tasks, reopen_task

__all__ = [
    "add_task",
    "change_task",
    "delete_task",
    "erase_task",
    "finish_task",
    "move_tasks",
    "remind",
    "reopen_task",
    "restore_task",
]
