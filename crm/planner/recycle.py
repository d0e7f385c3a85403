"""Tasks and meetings in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_meeting, erase_task, restore_meeting, restore_task
from .selectors import deleted_meetings, deleted_tasks

recyclables.register(
    Recyclable(
        "task",
        "planner.delete",
        deleted_tasks,
        restore=lambda actor, record: restore_task(actor=actor, task=record),
        erase=lambda actor, record: erase_task(actor=actor, task=record),
        order=5,
    ),
    Recyclable(
        "meeting",
        "planner.delete",
        deleted_meetings,
        restore=lambda actor, record: restore_meeting(actor=actor, meeting=record),
        erase=lambda actor, record: erase_meeting(actor=actor, meeting=record),
        order=5,
    ),
)
