"""Tasks in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_task, restore_task
from .selectors import deleted_tasks

recyclables.register(
    Recyclable(
        "task",
        "planner.delete",
        deleted_tasks,
        restore=lambda actor, record: restore_task(actor=actor, task=record),
        erase=lambda actor, record: erase_task(actor=actor, task=record),
        order=5,
    )
)
