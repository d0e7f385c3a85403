from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeadStatus(models.TextChoices):
    """How far somebody who might buy is. Converted and discarded leads are over."""

    NEW = "new", pgettext_lazy("lead", "New")
    WORKING = "working", pgettext_lazy("lead", "Working")
    QUALIFIED = "qualified", pgettext_lazy("lead", "Qualified")
    CONVERTED = "converted", pgettext_lazy("lead", "Converted")
    DISCARDED = "discarded", pgettext_lazy("lead", "Discarded")


#: Leads that somebody should work on.
OPEN = (LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.QUALIFIED)


class LeadSource(models.TextChoices):
    """Where a lead came from."""

    WEB_FORM = "web_form", _("Web form")
    LANDING_PAGE = "landing", _("Landing page")
    CAMPAIGN = "campaign", _("Campaign")
    PHONE = "phone", _("Phone")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    CHAT = "chat", _("Chat")
    REFERRAL = "referral", _("Referral")
    EVENT = "event", pgettext_lazy("lead source", "Event")
    TICKET = "ticket", _("Ticket")
    IMPORT = "import", _("Import")
    STAFF = "staff", _("Entered by staff")


class DiscardReason(models.TextChoices):
    """Why nobody goes on with a lead."""

    NOT_INTERESTED = "declined", _("Not interested")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    NO_BUDGET = "no_budget", _("No budget")
    NO_FIT = "no_fit", _("Does not need what we offer")
    WRONG_DATA = "wrong_data", _("Wrong or made-up details")
    COMPETITOR = "competitor", _("Bought elsewhere")
    OTHER = "other", _("Other")


class LeadEventKind(models.TextChoices):
    """A sign of interest that scores engagement and fades."""

    FORM = "form", _("Filled in a form")
    REPLY = "reply", _("Answered us")
    VISIT = "visit", _("Visited our site")
    TALK = "talk", _("Talked with us")


class TalkKind(models.TextChoices):
    """A follow-up of a lead."""

    CALL = "call", pgettext_lazy("interaction", "Call")
    MEETING = "meeting", pgettext_lazy("interaction", "Meeting")
    VISIT = "visit", pgettext_lazy("interaction", "Visit")
    EMAIL = "email", pgettext_lazy("interaction", "Email")
    CHAT = "chat", pgettext_lazy("interaction", "Chat")
    NOTE = "note", pgettext_lazy("interaction", "Note")


class TalkOutcome(models.TextChoices):
    """How a follow-up went."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    INTERESTED = "interested", _("Interested")
    NOT_INTERESTED = "declined", _("Not interested")


class ScoreGroup(models.TextChoices):
    """Who they are, and what they did. Each group's points are capped."""

    FIT = "fit", _("Fit")
    ENGAGEMENT = "engagement", _("Engagement")


class PoolHolds(models.TextChoices):
    """What lies in a pool."""

    LEADS = "leads", _("Leads")
    CUSTOMERS = "customers", _("Customers")


class SpanStart(models.TextChoices):
    """How somebody came to hold a record."""

    CREATED = "created", _("Created it")
    CLAIMED = "claimed", _("Claimed it")
    ASSIGNED = "assigned", _("It was assigned")
    RULE = "rule", _("An assignment rule")
    COVERED = "covered", _("Came under the rules of a pool")


class SpanEnd(models.TextChoices):
    """How it left them."""

    RELEASED = "released", _("Returned to the pool")
    RETURNED = "returned", _("Returned by itself")
    REASSIGNED = "reassigned", _("Given to somebody else")
    DISCARDED = "discarded", _("Discarded")
    CONVERTED = "converted", _("Converted")


class RouteTo(models.TextChoices):
    """Where an assignment rule sends a new lead."""

    POOL = "pool", _("Into a pool")
    USER = "user", _("To a person")
    TEAM = "team", _("To whoever of a team holds the fewest")
