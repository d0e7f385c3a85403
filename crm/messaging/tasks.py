from celery import shared_task

from . import delivery
from .inbound import handling
from .sms import delivery as sms_delivery


@shared_task(name="messaging.send_mail")
def send_mail(mail_id: int) -> None:
    """Sends one mail if it is due."""
    delivery.deliver(mail_id)


@shared_task(name="messaging.send_sms")
def send_sms(sms_id: int) -> None:
    """Sends one text message if it is due."""
    sms_delivery.deliver(sms_id)


@shared_task(name="messaging.handle_mail")
def handle_mail(mail_id: int) -> None:
    """Takes an incoming mail to its end if it is due."""
    handling.handle(mail_id)
