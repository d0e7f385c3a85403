from .conversations import Conversation, Draft, Message
from .mail import MailServer, MailTemplate, OutgoingMail

__all__ = ["Conversation", "Draft", "MailServer", "MailTemplate", "Message", "OutgoingMail"]
