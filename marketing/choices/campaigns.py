"""Campaigns, the people who get them, and what they do."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignKind(models.TextChoices):
    """How a campaign reaches people. An event invites by mail; a social post is published elsewhere; a step is the mail
    of a journey, which sends it to one person after the other."""

    MAIL = "mail", pgettext_lazy("campaign kind", "Email")
    SMS = "sms", pgettext_lazy("campaign kind", "Text message")
    SOCIAL = "social", pgettext_lazy("campaign kind", "Social post")
    EVENT = "event", pgettext_lazy("campaign kind", "Event")
    STEP = "step", pgettext_lazy("campaign kind", "Email of a journey")


#: Kinds that write to people, with the channel of consent that each needs.
CHANNELS = {
    CampaignKind.MAIL: "email", CampaignKind.EVENT: "email", CampaignKind.STEP: "email", CampaignKind.SMS: "sms",
}  # fmt: skip
#: Kinds that somebody may begin.
BEGUN = (CampaignKind.MAIL, CampaignKind.SMS, CampaignKind.SOCIAL, CampaignKind.EVENT)
#: Kinds made of blocks.
MAILS = (CampaignKind.MAIL, CampaignKind.EVENT, CampaignKind.STEP)


class CampaignState(models.TextChoices):
    """Draft → (approval) → scheduled → sending ⇄ paused → sent → finished; a post and what is sent end by hand too."""

    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    APPROVAL = "approval", pgettext_lazy("campaign", "In approval")
    SCHEDULED = "scheduled", pgettext_lazy("campaign", "Scheduled")
    SENDING = "sending", pgettext_lazy("campaign", "Sending")
    PAUSED = "paused", pgettext_lazy("campaign", "Paused")
    SENT = "sent", pgettext_lazy("campaign", "Sent")
    FINISHED = "finished", pgettext_lazy("campaign", "Finished")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")


#: States in which words, audience and time may still change.
EDITABLE = (CampaignState.DRAFT,)
#: States in which something goes out, or will.
UNDER_WAY = (CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED)
#: States that have results.
WITH_RESULTS = (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SENT, CampaignState.FINISHED)

TONES = {
    CampaignState.DRAFT: "neutral", CampaignState.APPROVAL: "warning", CampaignState.SCHEDULED: "info",
    CampaignState.SENDING: "info", CampaignState.PAUSED: "caution", CampaignState.SENT: "success",
    CampaignState.FINISHED: "neutral", CampaignState.CANCELLED: "neutral",
}  # fmt: skip


class AnswersBecome(models.TextChoices):
    """What is made of somebody's answer by mail."""

    LEAD = "lead", _("A lead for sales")
    TICKET = "ticket", _("A ticket for the service desk")


class Reason(models.TextChoices):
    """Why somebody of the segments gets nothing; the first that applies counts."""

    EXCLUDED = "excluded", _("In an excluded segment")
    NO_ADDRESS = "no_address", _("No address for this channel")
    BOUNCED = "bounced", _("Hard bounce before")
    SUPPRESSED = "suppressed", _("On the suppression list")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    NO_CONSENT = "no_consent", _("No consent for this channel")
    COMPLAINT = "complaint", _("Open complaint")
    TOO_OFTEN = "too_often", _("Contacted too often")
    COLLEAGUE = "colleague", _("A colleague at the same customer gets it")
    TAKEN = "taken", _("Same address as somebody else")


class RecipientState(models.TextChoices):
    """Left out: at the start. Dropped: when their turn came, since consent is asked again. The rest is the mail's."""

    LEFT_OUT = "left_out", pgettext_lazy("recipient", "Left out")
    WAITING = "waiting", pgettext_lazy("recipient", "Waiting")
    DROPPED = "dropped", pgettext_lazy("recipient", "Left out when sending")
    QUEUED = "queued", pgettext_lazy("recipient", "On its way")
    SENT = "sent", pgettext_lazy("recipient", "Sent")
    FAILED = "failed", pgettext_lazy("recipient", "Not delivered")


#: People for whom a message left us, whatever became of it.
REACHED = (RecipientState.SENT, RecipientState.FAILED)


class ResponseKind(models.TextChoices):
    """What somebody did."""

    OPEN = "open", pgettext_lazy("response", "Opened")
    CLICK = "click", pgettext_lazy("response", "Clicked")
    ANSWER = "answer", pgettext_lazy("response", "Answered")
    REGISTER = "register", pgettext_lazy("response", "Registered")
    ATTEND = "attend", pgettext_lazy("response", "Attended")
    LEAD = "lead", pgettext_lazy("response", "Became a customer from a lead")
    UNSUBSCRIBE = "unsubscribe", pgettext_lazy("response", "Unsubscribed")
    COMPLAINT = "complaint", pgettext_lazy("response", "Called it spam")


#: What counts as a touch when a sale is credited. Opening does not: mail programs open by themselves.
TOUCHES = (
    ResponseKind.CLICK, ResponseKind.ANSWER, ResponseKind.REGISTER, ResponseKind.ATTEND, ResponseKind.LEAD,
)  # fmt: skip


class Machine(models.TextChoices):
    """How a hit was recognised as a program's, such as a mail scanner's."""

    METHOD = "method", _("Asked for headers only")
    AGENT = "agent", _("Says that it is a program")
    PREFETCH = "prefetch", _("Loaded ahead of reading")
    TIMING = "timing", _("Seconds after sending, or several links at once")
    TRAP = "trap", _("Followed a link that nobody sees")


class SuppressedFor(models.TextChoices):
    """Why an address gets no campaign any more."""

    BOUNCE = "bounce", _("Hard bounce")
    COMPLAINT = "complaint", _("Complained about spam")
    HAND = "hand", _("By hand")


class SuppressedChannel(models.TextChoices):
    """The kind of address."""

    EMAIL = "email", pgettext_lazy("channel", "Email")
    SMS = "sms", pgettext_lazy("channel", "Text message")


class CostKind(models.TextChoices):
    """Planned is what it shall cost, booked what it did."""

    PLANNED = "planned", pgettext_lazy("cost", "Planned")
    BOOKED = "booked", pgettext_lazy("cost", "Booked")
