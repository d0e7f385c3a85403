from .tokens import ApiToken
from .webhooks import Webhook, WebhookDelivery

__all__ = ["ApiToken", "Webhook", "WebhookDelivery"]
