from celery import shared_task

from .push import sending


@shared_task(name="notifications.push")
def push(limit: int = sending.BATCH) -> None:
    """Sends the push messages that are due."""
    sending.send_due(limit)
