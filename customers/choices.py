from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Stage(models.TextChoices):
    """Where the customer stands in its life with the company."""

    NEW = "new", pgettext_lazy("customer stage", "New")
    ACTIVE = "active", _("Active customer")
    DORMANT = "dormant", _("Dormant")
    CHURNED = "churned", _("Churned")


class Source(models.TextChoices):
    WEB_FORM = "web_form", _("Web form")
    STAFF = "staff", _("Entered by staff")
    IMPORT = "import", _("Import")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


class IdentityKind(models.TextChoices):
    """What a person is reached and recognised by. Chat ids are stored as their service gives them."""

    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    WHATSAPP = "whatsapp", _("WhatsApp")


#: Kinds that hold an id of a chat service.
CHATS = (IdentityKind.WECHAT, IdentityKind.WECOM, IdentityKind.DINGTALK, IdentityKind.WHATSAPP)


class ConsentChannel(models.TextChoices):
    """What a person agreed to: that requests are answered, and by which ways they may be advertised to."""

    SERVICE = "service", _("Answers to requests")
    EMAIL = "email", _("Marketing by email")
    SMS = "sms", _("Marketing by SMS")
    PHONE = "phone", _("Marketing by phone")
    CHAT = "chat", _("Marketing by chat")


class ContactRole(models.TextChoices):
    """What a person decides at their company."""

    DECIDES = "decides", _("Decides")
    INFLUENCES = "influences", _("Influences")
    USES = "uses", _("Uses")
    BUYS = "buys", _("Buys")
    ACCOUNTS = "accounts", _("Accounts")


class InteractionKind(models.TextChoices):
    """A talk with a customer that no machine saw."""

    CALL = "call", pgettext_lazy("interaction", "Call")
    MEETING = "meeting", pgettext_lazy("interaction", "Meeting")
    VISIT = "visit", pgettext_lazy("interaction", "Visit")
    EMAIL = "email", pgettext_lazy("interaction", "Email")
    CHAT = "chat", pgettext_lazy("interaction", "Chat")


class InteractionOutcome(models.TextChoices):
    """How it went."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    INTERESTED = "interested", _("Interested")
    NOT_INTERESTED = "declined", _("Not interested")


class AddressKind(models.TextChoices):
    """What is sent to a place."""

    SHIPPING = "shipping", _("Shipping")
    BILLING = "billing", _("Billing")
    VISIT = "visit", _("Visits")
