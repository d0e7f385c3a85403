from celery import shared_task

from .webhooks import delivering


@shared_task(name="integrations.deliver")
def deliver(delivery_id: int) -> None:
    """Sends one delivery if it is due."""
    delivering.deliver(delivery_id)
