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
    EMAIL = "email", pgettext_lazy("channel", "Email")
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
    ACCOUNTS = "accounts", pgettext_lazy("contact role", "Accounts")


class PortalReach(models.TextChoices):
    """How far a contact sees in the customer portal."""

    OFF = "off", _("No access")
    OWN = "own", _("Their own")
    COMPANY = "company", _("All of the company")


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
    BILLING = "billing", pgettext_lazy("invoice", "Billing")
    VISIT = "visit", _("Visits")


class ProductKind(models.TextChoices):
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")


class OrderChannel(models.TextChoices):
    """Where an order was placed."""

    SHOP = "shop", _("Online shop")
    STORE = "store", pgettext_lazy("order channel", "Store")
    SALES = "sales", pgettext_lazy("order channel", "Sales")
    PHONE = "phone", pgettext_lazy("order channel", "Phone")


class OrderStatus(models.TextChoices):
    """How far an order is. A cancelled order counts in no figure about purchases."""

    PLACED = "placed", pgettext_lazy("order", "Placed")
    PAID = "paid", pgettext_lazy("order", "Paid")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


#: Orders that are not known to be paid while nobody said how much was: the shop and the till are paid at once.
UNPAID = (OrderStatus.PLACED, OrderStatus.SHIPPED)
PAID_AT_ONCE = (OrderChannel.SHOP, OrderChannel.STORE)


class PaymentState(models.TextChoices):
    """What is known of an order's money."""

    PAID = "paid", pgettext_lazy("payment of an order", "Paid")
    PART = "part", pgettext_lazy("payment of an order", "Partly paid")
    DUE = "due", pgettext_lazy("payment of an order", "Not paid")


class ShipmentStatus(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("parcel", "Preparing")
    IN_TRANSIT = "transit", pgettext_lazy("parcel", "In transit")
    DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")
    LOST = "lost", pgettext_lazy("parcel", "Lost")
    RETURNED = "returned", pgettext_lazy("parcel", "Returned")


class EquipmentState(models.TextChoices):
    WORKING = "working", pgettext_lazy("equipment", "Working")
    BROKEN = "broken", pgettext_lazy("equipment", "Broken")
    IN_REPAIR = "repair", pgettext_lazy("equipment", "In repair")
    RETIRED = "retired", pgettext_lazy("equipment", "Retired")


class AfterSales(models.TextChoices):
    """What a request about a purchase asks for."""

    QUESTION = "question", pgettext_lazy("after sales", "Question")
    RETURN = "return", pgettext_lazy("after sales", "Return")
    EXCHANGE = "exchange", pgettext_lazy("after sales", "Exchange")
    REPAIR = "repair", pgettext_lazy("after sales", "Repair")
    DELIVERY = "delivery", pgettext_lazy("after sales", "Delivery")
    PARCEL = "parcel", pgettext_lazy("after sales", "Parcel")


class SameBy(models.TextChoices):
    """Why two customers may be one."""

    NAME = "name", _("Same name")
    TAX = "tax", _("Same tax number")
    WEBSITE = "website", _("Same website")
    PHONE = "phone", _("Same phone number")


class ValueLevel(models.TextChoices):
    """What a customer is worth to the company, from purchases or by hand."""

    HIGH = "high", pgettext_lazy("value", "High")
    MEDIUM = "medium", pgettext_lazy("value", "Medium")
    LOW = "low", pgettext_lazy("value", "Low")


class RiskLevel(models.TextChoices):
    """How likely the company is to lose money or the customer, from signs or by hand."""

    NONE = "none", pgettext_lazy("risk", "None")
    LOW = "low", pgettext_lazy("risk", "Low")
    MEDIUM = "medium", pgettext_lazy("risk", "Medium")
    HIGH = "high", pgettext_lazy("risk", "High")


class WishState(models.TextChoices):
    """Whether a customer is still looking for something."""

    OPEN = "open", pgettext_lazy("wish", "Open")
    MET = "met", pgettext_lazy("wish", "Met")
    DROPPED = "dropped", pgettext_lazy("wish", "Dropped")


class PairKind(models.TextChoices):
    """Why a product is offered to whoever bought another."""

    PAIR = "pair", _("Bought as well")
    STEP = "step", _("A step up")


class FlagTask(models.TextChoices):
    """What may become a task for the owner of a customer, once each time it happens."""

    REPURCHASE = "repurchase", _("The next order is overdue")
    RISK = "risk", _("The risk becomes high")
    CREDIT = "credit", _("The credit limit is exceeded")
    WISH = "wish", _("A product fits a wish")
    OFFER = "offer", _("Others who bought the same bought something else as well")
    STEP = "step", _("There is a step up from what was bought")


class SegmentKind(models.TextChoices):
    """Found by a condition that is kept true, or picked by hand."""

    DYNAMIC = "dynamic", pgettext_lazy("segment", "Dynamic")
    STATIC = "static", pgettext_lazy("segment", "Static")


class SegmentState(models.TextChoices):
    """Whether the members of a segment are those that its condition asks for."""

    READY = "ready", _("Up to date")
    COMPUTING = "computing", _("Computing")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", pgettext_lazy("segment", "Failed")


class SegmentFailure(models.TextChoices):
    """Why a segment is not kept up to date."""

    OWNER = "owner", _("Its owner has left. Give it to a colleague.")
    CONDITION = "condition", _("Its conditions name something that is gone, or that its owner may not read.")


class MemberSource(models.TextChoices):
    """How a customer came into a segment."""

    COMPUTED = "computed", pgettext_lazy("segment", "Computed")
    DEED = "deed", pgettext_lazy("segment", "Something happened")
    TIME = "time", pgettext_lazy("segment", "Time passed")
    HAND = "hand", _("By hand")
    COPY = "copy", pgettext_lazy("segment", "Copied")
