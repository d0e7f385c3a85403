from celery import shared_task

from . import working


@shared_task(name="marketing.advance")
def advance(campaign_id: int) -> None:
    """Takes a campaign as far as it goes now."""
    working.advance(campaign_id)
