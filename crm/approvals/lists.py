"""The lists of approvals and of flows."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.conditions.sentences import sentence
from crm.core.sockets import kinds
from crm.ui.generic import cells as ready
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer, lists

from .choices import TONES, State
from .models import Approval, ApprovalFlow


class ApprovalFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=State.choices)
    whose = df.ChoiceFilter(
        label=_("Whose"), choices=[("me", _("Waiting for me")), ("asked", _("Asked by me"))], method="by_whose"
    )

    class Meta:
        model = Approval
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        me = self.request.actor.user_id or 0
        return rows.waiting_for(me) if value == "me" else rows.filter(requested_by=me)


def tone(row: Approval) -> str:
    return TONES[State(row.state)]


def _kind(row: Any, viewer: Viewer) -> Any:
    return kinds[row.subject_kind].label if row.subject_kind else ""


def _flow(row: ApprovalFlow, viewer: Viewer) -> Any:
    return format_html('<a href="{}" data-open>{}</a>', reverse("approvals:flow_update", args=[row.pk]), row.name)


def _when(row: ApprovalFlow, viewer: Viewer) -> Any:
    return sentence(row.condition, on=row.kind, viewer=viewer.actor) if row.condition else _("Always")


def _steps(row: ApprovalFlow, viewer: Viewer) -> Any:
    return " → ".join(str(step.user or step.role or step.get_who_display()) for step in row.steps.all())


lists.register(
    ListPage(
        key="approval",
        model=Approval,
        label=_("Approvals"),
        permission="approvals.decide",
        url_name="approvals:approval_list",
        columns=[
            Column("title", _("Title"), cell=ready.link("title"), css="subj cut", locked=True, on_card=True),
            Column("kind", _("Kind"), cell=_kind, width="cw-128"),
            Column("state", _("State"), cell=ready.badge("get_state_display", tone), width="cw-160", on_card=True,
                   export=lambda row, viewer: row.get_state_display()),
            Column("asked_by", _("Asked by"), cell=ready.person("requested_by"), width="cw-160", on_card=True,
                   export=lambda row, viewer: row.requested_by.name if row.requested_by else ""),
            Column("asked", _("Asked"), cell=ready.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.created_at),
            Column("decided", _("Decided"), cell=ready.moment("decided_at"), sort="decided_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.decided_at),
        ],
        filterset=ApprovalFilters,
        quick_filters=("state", "whose"),
        default_sort="-asked",
        prepare=lambda rows, actor: rows.select_related("requested_by"),
        views=[
            BuiltinView("mine", _("Waiting for me"), {"whose": "me"}, sort="asked"),
            BuiltinView("asked", _("Asked by me"), {"whose": "asked"}),
            BuiltinView("all", _("All approvals")),
        ],
        empty=Empty(_("Nothing is waiting"), _("What colleagues ask you to approve stands here.")),
    ),
    ListPage(
        key="approval_flow",
        model=ApprovalFlow,
        label=_("Approval flows"),
        permission="approvals.manage",
        url_name="approvals:flow_list",
        columns=[
            Column("name", _("Name"), cell=_flow, css="subj cut", locked=True, on_card=True),
            Column("when", pgettext_lazy("condition", "When"), cell=_when, css="c-sentence", on_card=True),
            Column("steps", _("Steps"), cell=_steps, css="cut", on_card=True),
            Column("order", _("Order"), sort="order", align="num", width="cw-80"),
            Column("is_active", _("Active"), cell=ready.yes_no("is_active"), width="cw-80"),
        ],
        default_sort="order",
        prepare=lambda rows, actor: rows.prefetch_related("steps__user", "steps__role"),
        empty=Empty(_("No approval flows yet"), _("Without a flow nothing needs anybody's consent.")),
        create_url_name="approvals:flow_create",
        create_permission="approvals.manage",
        create_label=_("New approval flow"),
    ),
)  # fmt: skip
