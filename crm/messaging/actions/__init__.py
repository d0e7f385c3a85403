from .conversations import add_message, discard_draft, open_conversation, save_draft
from .mail import hold_mail, queue_mail, retry_mail
from .templates import save_template

__all__ = [
    "add_message",
    "discard_draft",
    "hold_mail",
    "open_conversation",
    "queue_mail",
    "retry_mail",
    "save_draft",
    "save_template",
]
