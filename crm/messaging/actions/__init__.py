from .bulk import Composed, ComposedSms, queue_bulk_mail, queue_bulk_sms, take_back
from .conversations import add_message, discard_draft, open_conversation, save_draft
from .mail import hold_mail, queue_mail, retry_mail
from .sms import hold_sms, lift_opt_out, opt_in, opt_out, queue_sms, retry_sms, send_test_sms
from .templates import save_template

__all__ = [
    "Composed",
    "ComposedSms",
    "add_message",
    "discard_draft",
    "hold_mail",
    "hold_sms",
    "lift_opt_out",
    "open_conversation",
    "opt_in",
    "opt_out",
    "queue_bulk_mail",
    "queue_bulk_sms",
    "queue_mail",
    "queue_sms",
    "retry_mail",
    "retry_sms",
    "save_draft",
    "save_template",
    "send_test_sms",
    "take_back",
]
