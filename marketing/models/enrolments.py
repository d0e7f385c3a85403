"""The people in journeys, and every step that each of them took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..choices.journeys import REASONS, EnrolmentState, Outcome
from ..querysets.journeys import EnrolmentQuerySet, StepRunQuerySet
from .journeys import Journey, JourneyVersion, Step
from .recipients import Recipient


class Enrolment(BaseModel):
    """One time that one person is in one journey. contact: who is written to, null where nobody is known.

    cause: what brought them in ("stay:7", "deed:9", "date:…"), which brings them in once. step: the next one, null
    once they left; due_at: when it is taken. tries: how often it failed since the last step. left_why: by hand, the
    words of who took them out; after an error, its words. entered_activity, left_activity: where it stands on
    timelines.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="enrolments")
    version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="enrolments")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="journey_enrolments")
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.CASCADE, related_name="journey_enrolments"
    )
    cause = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=9, choices=EnrolmentState.choices, default=EnrolmentState.INSIDE)
    step = models.ForeignKey(
        Step, verbose_name=_("next step"), null=True, on_delete=models.PROTECT, related_name="waiting"
    )
    due_at = models.DateTimeField(_("next step at"), default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    entered_at = models.DateTimeField(_("came in"), default=clock.now)
    left_at = models.DateTimeField(_("left"), null=True)
    left_why = models.CharField(_("why"), max_length=300, blank=True)
    entered_activity = models.BigIntegerField(null=True)
    left_activity = models.BigIntegerField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in a journey")
        verbose_name_plural = _("people in journeys")
        constraints = [
            models.UniqueConstraint(fields=["journey", "customer", "cause"], name="one_enrolment_a_cause"),
            models.UniqueConstraint(
                fields=["journey", "contact"], condition=Q(state="inside"), name="one_time_inside_a_person"
            ),
            models.UniqueConstraint(
                fields=["journey", "customer"],
                condition=Q(state="inside", contact__isnull=True),
                name="one_time_inside_a_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="inside"), name="enrolment_due"),
            models.Index(fields=["journey", "state", "-id"], name="enrolment_by_state"),
            models.Index(fields=["step"], condition=Q(state="inside"), name="enrolment_by_step"),
            models.Index(fields=["customer", "-id"], name="enrolment_by_customer"),
            models.Index(fields=["contact", "-id"], name="enrolment_by_contact"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.journey}: {self.contact or self.customer}"


class StepRun(BaseModel):
    """A step that somebody took, once: `key` names the step in all versions. reason: why it was skipped, a key of
    `REASONS`; note: more about it. recipient: the mail of a sending step. activity: where it stands on timelines."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="runs")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="runs")
    key = models.CharField(max_length=12)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(_("reason"), max_length=12, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recipient = models.OneToOneField(Recipient, null=True, on_delete=models.SET_NULL, related_name="journey_run")
    activity = models.BigIntegerField(null=True)

    objects = StepRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "key"], name="one_run_a_person_and_step")]
        indexes = [models.Index(fields=["key", "outcome"], name="step_run_by_key")]

    @property
    def why(self) -> str:
        """The reason in words."""
        words = str(REASONS.get(self.reason, self.reason))
        return f"{words}: {self.note}" if self.note else words
