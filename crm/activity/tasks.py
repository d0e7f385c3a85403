from celery import shared_task

from . import dispatch as delivery


@shared_task(name="activity.dispatch")
def dispatch(lane: str) -> None:
    """Delivers what waits in a lane."""
    delivery.dispatch(lane)
