from .deliveries import claim_delivery, make_test, note_event, note_outcome, send_again
from .tokens import add_application, make_token, revoke_token, revoke_tokens_of
from .webhooks import change_secret, create_webhook, delete_webhook, pause_webhook, update_webhook

__all__ = [
    "add_application",
    "change_secret",
    "claim_delivery",
    "create_webhook",
    "delete_webhook",
    "make_test",
    "make_token",
    "note_event",
    "note_outcome",
    "pause_webhook",
    "revoke_token",
    "revoke_tokens_of",
    "send_again",
    "update_webhook",
]
