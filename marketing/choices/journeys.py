"""Journeys: how somebody comes in, what the steps do, how it ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .campaigns import Reason


class JourneyState(models.TextChoices):
    """Draft → live ⇄ paused → running out (nobody new comes in) → ended."""

    DRAFT = "draft", pgettext_lazy("journey", "Draft")
    LIVE = "live", pgettext_lazy("journey", "Live")
    PAUSED = "paused", pgettext_lazy("journey", "Paused")
    RUNNING_OUT = "running_out", pgettext_lazy("journey", "Running out")
    ENDED = "ended", pgettext_lazy("journey", "Ended")


#: States in which people take their steps.
MOVING = (JourneyState.LIVE, JourneyState.RUNNING_OUT)
#: States in which people may be inside.
STARTED = (JourneyState.LIVE, JourneyState.PAUSED, JourneyState.RUNNING_OUT)

TONES = {
    JourneyState.DRAFT: "neutral", JourneyState.LIVE: "success", JourneyState.PAUSED: "caution",
    JourneyState.RUNNING_OUT: "info", JourneyState.ENDED: "neutral",
}  # fmt: skip


class VersionState(models.TextChoices):
    """A draft may change; the live one is what newcomers walk; past ones are walked by those who are still inside."""

    DRAFT = "draft", pgettext_lazy("version of a journey", "Draft")
    LIVE = "live", pgettext_lazy("version of a journey", "Live")
    PAST = "past", pgettext_lazy("version of a journey", "Replaced")


class StartKind(models.TextChoices):
    """How somebody comes in."""

    SEGMENT = "segment", _("A customer comes into a segment")
    DEED = "deed", _("Something happens")
    DATE = "date", _("A date of the customer")


class Reentry(models.TextChoices):
    """Whether somebody who was in it may come in again."""

    NEVER = "never", _("Once and never again")
    AFTER = "after", _("Again, so many days after leaving")
    ALWAYS = "always", _("Every time, once they have left")


class StepKind(models.TextChoices):
    """What a step does."""

    SEND = "send", pgettext_lazy("step of a journey", "Send an email")
    WAIT = "wait", pgettext_lazy("step of a journey", "Wait")
    BRANCH = "branch", pgettext_lazy("step of a journey", "Branch")
    TASK = "task", pgettext_lazy("step of a journey", "Task for the owner")
    TAG = "tag", pgettext_lazy("step of a journey", "Tag")
    LEAD = "lead", pgettext_lazy("step of a journey", "Make a lead")
    NOTIFY = "notify", pgettext_lazy("step of a journey", "Tell the owner")
    LEAVE = "leave", pgettext_lazy("step of a journey", "Leave the journey")


STEP_ICONS = {
    StepKind.SEND: "send", StepKind.WAIT: "clock", StepKind.BRANCH: "split", StepKind.TASK: "task",
    StepKind.TAG: "tag", StepKind.LEAD: "lead", StepKind.NOTIFY: "notification", StepKind.LEAVE: "sign_out",
}  # fmt: skip


class Way(models.TextChoices):
    """Which path a step stands on: the main one, or one of those of the branch above it."""

    MAIN = "", pgettext_lazy("path of a journey", "Main path")
    YES = "yes", pgettext_lazy("path of a journey", "Yes")
    NO = "no", pgettext_lazy("path of a journey", "No")


class WaitKind(models.TextChoices):
    SPAN = "span", _("So long")
    UNTIL = "until", _("Until a day and time")


class WaitUnit(models.TextChoices):
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")


class Ask(models.TextChoices):
    """What a branch looks at."""

    CONDITION = "condition", _("Conditions about the customer")
    OPENED = "opened", _("Opened the last email of this journey")
    CLICKED = "clicked", _("Clicked in the last email of this journey")
    ANSWERED = "answered", _("Answered the last email of this journey")


class EnrolmentState(models.TextChoices):
    """Inside, or how somebody left."""

    INSIDE = "inside", pgettext_lazy("person in a journey", "Inside")
    COMPLETED = "completed", pgettext_lazy("person in a journey", "Came to the end")
    GOAL = "goal", pgettext_lazy("person in a journey", "Reached the goal")
    EXITED = "exited", pgettext_lazy("person in a journey", "Left by the exit rule")
    TAKEN_OUT = "taken_out", pgettext_lazy("person in a journey", "Taken out")
    FAILED = "failed", pgettext_lazy("person in a journey", "Stopped by an error")


ENROLMENT_TONES = {
    EnrolmentState.INSIDE: "info", EnrolmentState.COMPLETED: "success", EnrolmentState.GOAL: "success",
    EnrolmentState.EXITED: "neutral", EnrolmentState.TAKEN_OUT: "caution", EnrolmentState.FAILED: "danger",
}  # fmt: skip


class Outcome(models.TextChoices):
    """What became of one step for one person."""

    DONE = "done", pgettext_lazy("step taken", "Done")
    YES = "yes", pgettext_lazy("step taken", "Yes")
    NO = "no", pgettext_lazy("step taken", "No")
    SKIPPED = "skipped", pgettext_lazy("step taken", "Skipped")
    FAILED = "failed", pgettext_lazy("step taken", "Failed")


class Obstacle(models.TextChoices):
    """Why a step was skipped, beside the reasons for which a campaign leaves people out."""

    NO_PERSON = "no_person", _("Nobody at the customer to write to")
    NO_OWNER = "no_owner", _("The customer has no owner")
    NO_TAG = "no_tag", _("The tag is gone")
    BRANCH = "branch", _("The conditions can no longer be read")
    ERROR = "error", _("An error")


#: Key of a reason → words.
REASONS = dict(Reason.choices) | dict(Obstacle.choices)
