from celery import shared_task

from . import delivery


@shared_task(name="messaging.send_mail")
def send_mail(mail_id: int) -> None:
    """Sends one mail if it is due."""
    delivery.deliver(mail_id)
