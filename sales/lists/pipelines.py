"""Pipelines and lost reasons among the settings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.core.text import listed
from crm.ui import html
from crm.ui.lists import Column, Empty, ListPage, Viewer
from crm.ui.rules import RuleList, changed_column, order_column, prepared, switch_column

from ..actions.pipelines import MANAGE, save_lost_reason, save_pipeline
from ..models import LostReason, Pipeline


def _link(name: str) -> Any:
    def cell(row: Any, viewer: Viewer) -> Any:
        lang = html.lang_attribute(str(row))
        return format_html('<a href="{}" data-open{}>{}</a>', reverse(name, args=[row.pk]), lang, row)

    return cell


def _stages(row: Pipeline, viewer: Viewer) -> str:
    return listed(stage for stage in row.stages.all() if stage.is_active)


def _open_deals(row: Any, viewer: Viewer) -> Any:
    url = f"{reverse('sales:opportunity_list')}?view=all&own=1&state=open&pipeline={row.pk}"
    return format_html('<a class="app-link" href="{}">{}</a>', url, row.deals)


def _lost_deals(row: Any, viewer: Viewer) -> Any:
    url = f"{reverse('sales:opportunity_list')}?view=all&own=1&lost_reason={row.pk}"
    return format_html('<a class="app-link" href="{}">{}</a>', url, row.deals)


def _with_stages(rows: Any, actor: Any) -> Any:
    is_open = Q(opportunities__won_at__isnull=True, opportunities__lost_at__isnull=True)
    live = Q(opportunities__deleted_at__isnull=True)
    return rows.prefetch_related("stages").annotate(deals=Count("opportunities", filter=is_open & live))


def _with_deals(rows: Any, actor: Any) -> Any:
    return rows.annotate(deals=Count("opportunities", filter=Q(opportunities__deleted_at__isnull=True)))


PIPELINE_RULES = [
    RuleList(
        "pipeline", lambda actor, row, values: save_pipeline(actor=actor, values=values, record=row),
        lambda actor, row: actor.can(MANAGE),
    ),
    RuleList(
        "lost_reason", lambda actor, row, values: save_lost_reason(actor=actor, values=values, record=row),
        lambda actor, row: actor.can(MANAGE),
    ),
]  # fmt: skip

PIPELINE_LISTS = [
    ListPage(
        key="pipeline", model=Pipeline, label=_("Pipelines"), permission=MANAGE, url_name="salesdesk:pipeline_list",
        section=_("Settings"),
        columns=[
            Column("name", _("Name"), cell=_link("salesdesk:stage_list"), css="subj cut", locked=True, on_card=True),
            Column("stages", _("Stages"), cell=_stages, css="c-sentence", on_card=True),
            Column("deals", _("Open opportunities"), cell=_open_deals, align="num", on_card=True),
            changed_column(), order_column("pipeline"), switch_column("pipeline"),
        ],
        default_sort="order", prepare=prepared("pipeline", _with_stages),
        empty=Empty(_("No pipelines yet"), _("A pipeline is a way of selling with stages of its own.")),
        create_url_name="salesdesk:pipeline_create", create_permission=MANAGE, create_label=_("New pipeline"),
    ),
    ListPage(
        key="lost_reason", model=LostReason, label=_("Lost reasons"), permission=MANAGE,
        url_name="salesdesk:lost_reason_list", section=_("Settings"),
        columns=[
            Column("name", _("Name"), cell=_link("salesdesk:lost_reason_update"), css="subj cut", locked=True,
                   on_card=True),
            Column("needs_note", _("Asks for a note"),
                   cell=lambda row, viewer: html.badge(_("Yes"), "info") if row.needs_note else html.EMPTY_HTML),
            Column("deals", _("Opportunities"), cell=_lost_deals, align="num", on_card=True),
            changed_column(), order_column("lost_reason"), switch_column("lost_reason"),
        ],
        default_sort="order", prepare=prepared("lost_reason", _with_deals),
        empty=Empty(_("No lost reasons yet"), _("Whoever loses an opportunity says why; reports count the reasons.")),
        create_url_name="salesdesk:lost_reason_create", create_permission=MANAGE, create_label=_("New lost reason"),
    ),
]  # fmt: skip
