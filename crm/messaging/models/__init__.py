from .conversations import Conversation, Draft, Message
from .inbound import InboundMail, Mailbox
from .mail import MailServer, MailTemplate, OutgoingMail
from .sms import OutgoingSms, SmsOptOut

__all__ = [
    "Conversation",
    "Draft",
    "InboundMail",
    "MailServer",
    "MailTemplate",
    "Mailbox",
    "Message",
    "OutgoingMail",
    "OutgoingSms",
    "SmsOptOut",
]
