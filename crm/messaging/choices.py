from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    WEB = "web", _("Web form")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    PHONE = "phone", _("Phone")
    STAFF = "staff", _("Entered by staff")


class Direction(models.TextChoices):
    """Inbound: from the customer. Outbound: to the customer. Internal: a note the customer never sees."""

    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    INTERNAL = "internal", _("Internal note")


class MessageState(models.TextChoices):
    STORED = "stored", _("Stored")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not delivered")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not delivered")
    HELD = "held", _("Held back")


class SmsState(models.TextChoices):
    """As of mail, and what the gateway reports later."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", pgettext_lazy("text message", "Handed over")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not delivered")
    HELD = "held", _("Held back")


class OptOutSource(models.TextChoices):
    """Who said that a number wants no text messages."""

    GATEWAY = "gateway", _("The customer, by text message")
    CUSTOMER = "customer", _("The customer, on the ticket's page")
    STAFF = "staff", _("A colleague")


class Security(models.TextChoices):
    """How the connection to a mailbox is protected."""

    TLS = "tls", _("TLS (port 993)")
    STARTTLS = "starttls", _("STARTTLS (port 143)")
    PLAIN = "plain", _("Unprotected, only for a server on this machine")


class InboundState(models.TextChoices):
    """Where an incoming mail stands. Held and quarantined ones wait for a person."""

    RECEIVED = "received", _("Being handled")
    HANDLED = "handled", _("Handled")
    AUTOMATIC = "automatic", _("Automatic mail")
    HELD = "held", _("Held")
    QUARANTINED = "quarantined", _("In quarantine")
    REJECTED = "rejected", _("Discarded")


class Decision(models.TextChoices):
    """What a colleague wants done with a mail that waited."""

    AGAIN = "again", _("Try again")
    OPEN = "open", _("Treat it as new")
    THREAD = "thread", _("Add it to a conversation")


class InboundReason(models.TextChoices):
    """Why an incoming mail was not simply handled."""

    LOOP = "loop", _("Our own mail came back")
    BOUNCE = "bounce", _("Report of a mail that could not be delivered")
    COMPLAINT = "complaint", _("Report that our mail was called spam")
    REPORT = "report", _("Read receipt")
    AUTO_REPLY = "auto_reply", _("Automatic reply, such as an absence notice")
    GENERATED = "generated", _("Sent by a program")
    LIST = "list", _("Sent through a mailing list")
    STRANGER = "stranger", _("The sender does not take part in the conversation")
    STAFF = "staff", _("A colleague answered by mail")
    GONE = "gone", _("The record of the conversation was deleted")
    FLOOD = "flood", _("Too many mails from one address")
    DUPLICATE = "duplicate", _("The same mail was handled before")
    NO_SENDER = "no_sender", _("No address to answer to")
    NO_HANDLER = "no_handler", _("Nothing here takes new mail. Choose what this mailbox makes of it")
    SIZE = "size", _("Larger than 50 MB")
    HEADERS = "headers", _("Headers too long")
    DEPTH = "depth", _("Nested too deeply")
    PARTS = "parts", _("Too many parts")
    TIME = "time", _("Took too long to read")
    UNREADABLE = "unreadable", _("Could not be read")
    FAILED = "failed", _("Handling failed several times")
    DISCARDED = "discarded", _("Discarded by a colleague")
