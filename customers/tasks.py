from celery import shared_task

from crm.core.actor import Actor

from .actions import send_code


@shared_task(name="customers.send_portal_code")
def send_portal_code(code_id: int) -> None:
    """Sends a code where the address is a customer's."""
    send_code(actor=Actor.system(), code_id=code_id)
