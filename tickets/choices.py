from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class Level(models.IntegerChoices):
    """Impact (how many are affected) and urgency (how soon it hurts)."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class StatusCategory(models.TextChoices):
    """What a status means to clocks, boards and customers, whatever it is called."""

    NEW = "new", _("New")
    OPEN = "open", _("In progress")
    WAITING = "waiting", _("Waiting")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


#: Somebody still has to do something.
UNRESOLVED = (StatusCategory.NEW, StatusCategory.OPEN, StatusCategory.WAITING, StatusCategory.ON_HOLD)
#: Counts towards an agent's workload: the ball is ours.
ACTIVE = (StatusCategory.NEW, StatusCategory.OPEN)


class TicketKind(models.TextChoices):
    QUESTION = "question", _("Question")
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    COMPLAINT = "complaint", _("Complaint")


class Audience(models.TextChoices):
    """Who may ask for something: anybody, customers we recognise by a link of theirs, colleagues who are signed in."""

    PUBLIC = "public", _("Everybody")
    CUSTOMERS = "customers", _("Recognised customers")
    EMPLOYEES = "employees", _("Employees")


class Required(models.TextChoices):
    """Whether a question of a request type must be answered."""

    NEVER = "never", _("No")
    ALWAYS = "always", _("Yes")
    WHEN = "when", _("When the condition holds")


class Shown(models.TextChoices):
    """Whether a question of a request type is asked."""

    ALWAYS = "always", _("Always")
    WHEN = "when", _("When the condition holds")


class Preset(models.TextChoices):
    """What an answer that comes with the address may do."""

    FILL = "fill", _("Fills the question; it may be changed")
    LOCK = "lock", _("Stands fixed as a fact")


class Seniority(models.IntegerChoices):
    JUNIOR = 1, _("Junior")
    AGENT = 2, _("Agent")
    SENIOR = 3, _("Senior")


class AfterSending(models.TextChoices):
    """Where the page leads when a reply is on its way."""

    STAY = "stay", _("Stay on the ticket")
    NEXT = "next", _("The next ticket of the view")
    LIST = "list", _("Back to the list")


class SlaState(models.TextChoices):
    NONE = "none", _("No deadline")
    FINE = "fine", _("In time")
    AT_RISK = "at_risk", _("At risk")
    BREACHED = "breached", _("Breached")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")


class Cause(models.TextChoices):
    """Why it happened, asked when a ticket is resolved."""

    PRODUCT = "product", _("Product fault")
    USAGE = "usage", _("Question of use")
    SETUP = "setup", _("Set-up or configuration")
    DELIVERY = "delivery", _("Delivery")
    BILLING = "billing", _("Billing")
    THIRD_PARTY = "third_party", _("Third party")
    OTHER = "other", _("Other")
