"""Flows say who has to agree to what; approvals are what was asked, with the flow as it was then."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.history import tracked
from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.sockets import kinds
from crm.core.translated import TranslatedField

from .choices import Answer, Rule, State, Who
from .querysets import ApprovalQuerySet, OfApprovalQuerySet

_USER = settings.AUTH_USER_MODEL


@tracked()
class ApprovalFlow(BaseModel):
    """Which records of a kind need whose consent. The first active flow whose condition holds counts.

    kind: a Kind key that `approvables` declares. condition: a tree of crm.conditions, empty for every record.
    fallback: who decides a step that has nobody else; without one, whoever may set up flows.
    """

    kind = models.CharField(_("what needs approval"), max_length=40)
    name = TranslatedField(_("name"), max_length=80)
    condition = models.JSONField(_("when"), default=dict, blank=True)
    fallback = models.ForeignKey(
        _USER, verbose_name=_("when nobody else can decide"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval flow")
        verbose_name_plural = _("approval flows")
        ordering = ["kind", "order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class FlowStep(BaseModel):
    """A step of a flow: who decides, and whether one of them is enough."""

    flow = models.ForeignKey(ApprovalFlow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    who = models.CharField(_("who decides"), max_length=10, choices=Who.choices)
    user = models.ForeignKey(_USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey("accounts.Role", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(_("rule"), max_length=3, choices=Rule.choices, default=Rule.ANY)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "position"], name="one_flow_step_a_position"),
            models.CheckConstraint(
                condition=Q(who=Who.USER, user__isnull=False, role__isnull=True)
                | Q(who=Who.ROLE, role__isnull=False, user__isnull=True)
                | Q(who=Who.SUPERIOR, role__isnull=True, user__isnull=True),
                name="flow_step_names_its_approver",
            ),
        ]


class Approval(BaseModel):
    """One request for consent. (kind, object_id) is the record; position: the step that decides now.

    flow_steps: the flow as it was when asked. snapshot: what is approved, as its app described it; a record that no
    longer looks so is not covered. comment: why it was asked for.
    """

    kind = models.SmallIntegerField(editable=False)
    object_id = models.BigIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=200)
    flow = models.ForeignKey(ApprovalFlow, null=True, on_delete=models.SET_NULL, related_name="approvals")
    flow_steps = models.JSONField(default=list)
    snapshot = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    position = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(
        _USER, verbose_name=_("asked by"), null=True, on_delete=models.PROTECT, related_name="approvals_asked"
    )
    comment = models.TextField(_("reason"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(state=State.PENDING), name="one_pending_approval_a_record"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PENDING, decided_at__isnull=True)
                | (~Q(state=State.PENDING) & Q(decided_at__isnull=False)),
                name="approval_decided_when_not_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id", "-created_at"], name="approval_of_record"),
            models.Index(fields=["-created_at", "id"], name="approval_newest"),
            models.Index(fields=["requested_by", "-created_at"], name="approval_asked_by"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_pending(self) -> bool:
        return self.state == State.PENDING

    @property
    def subject_kind(self) -> str:
        """The Kind key of the record, "" when its app is gone."""
        entry = kinds.by_code(self.kind)
        return entry.key if entry else ""


class ApprovalStep(BaseModel):
    """A step of one approval. answer: waiting, approved or rejected."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=3, choices=Rule.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)

    objects = OfApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["approval", "position"], name="one_approval_step_a_position")]


class Approver(models.Model):
    """Somebody who is asked in a step, and what they said. delegated_by: who handed it to them."""

    step = models.ForeignKey(ApprovalStep, on_delete=models.CASCADE, related_name="approvers")
    user = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="asked_to_approve")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    delegated_by = models.ForeignKey(_USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("approver")
        verbose_name_plural = _("approvers")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["step", "user"], name="asked_once_in_a_step")]
        indexes = [models.Index(fields=["user", "answer"], name="approver_waiting")]

    def __str__(self) -> str:
        return str(self.user)
