from celery import shared_task

from crm.core.actor import Actor

from .actions import look_for_link


@shared_task(name="tickets.look_for_link")
def look_for_lost_link(wish_id: int) -> None:
    """Sends a lost link again where number and address belong together."""
    look_for_link(actor=Actor.system(), wish_id=wish_id)
