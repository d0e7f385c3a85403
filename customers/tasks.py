from celery import shared_task

from crm.core.actor import Actor

from .actions import send_code
from .figures.computing import nightly
from .figures.credit_asking import ask


@shared_task(name="customers.send_portal_code")
def send_portal_code(code_id: int) -> None:
    """Sends a code where the address is a customer's."""
    send_code(actor=Actor.system(), code_id=code_id)


@shared_task(name="customers.ask_for_credit")
def ask_for_credit(customer_id: int) -> None:
    """Asks an agency about a customer and keeps what it says."""
    ask(customer_id)


@shared_task(name="customers.compute_levels")
def compute_levels() -> None:
    """Figures, levels and flags of everybody, after an administrator changed what they are made of."""
    nightly()
