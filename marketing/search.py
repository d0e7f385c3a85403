"""Campaigns, journeys and landing pages in search, by name, code or address, and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument, search_documents

from .choices.campaigns import CampaignKind
from .models import Campaign, Journey, LandingPage


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """A campaign's name, subject and goal."""
    for row in Campaign.objects.filter(pk__in=ids).exclude(kind=CampaignKind.STEP):
        yield Document(
            id=row.pk, title=row.name, number=row.code, at=row.created_at,
            names=[row.name, *(text for text in row.subject.values() if text)],
            body=[text for text in (row.goal, *row.body.values()) if text],
        )  # fmt: skip


def touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "campaign" else []


def address(document: Document) -> str:
    return reverse("marketing:campaign_detail", args=[document.id])


search_documents.register(
    SearchDocument(
        "campaign", _("Campaigns"), "campaigns.view", documents, Campaign.objects.visible_to, address,
        ("campaigns.created", "campaigns.updated", "campaigns.deleted", "campaigns.bin_restored", "campaigns.erased"),
        touched, number_prefix="c-", order=70,
    )
)  # fmt: skip


def page_documents(ids: Sequence[int]) -> Iterator[Document]:
    """A landing page's name, title, address and description."""
    for row in LandingPage.objects.filter(pk__in=ids):
        yield Document(
            id=row.pk, title=row.name, number="", at=row.created_at,
            names=[row.name, row.slug, *(text for text in row.title.values() if text)],
            body=[text for text in row.description.values() if text],
        )  # fmt: skip


def touched_page(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "landing_page" else []


def address_of_page(document: Document) -> str:
    return reverse("landingpages:page_detail", args=[document.id])


search_documents.register(
    SearchDocument(
        "landing_page", _("Landing pages"), "landing.view", page_documents, LandingPage.objects.visible_to,
        address_of_page,
        ("landing.created", "landing.updated", "landing.deleted", "landing.bin_restored", "landing.erased"),
        touched_page, order=72,
    )
)  # fmt: skip


def journey_documents(ids: Sequence[int]) -> Iterator[Document]:
    """A journey's name, and what it shall bring."""
    for row in Journey.objects.filter(pk__in=ids):
        yield Document(id=row.pk, title=row.name, number="", at=row.created_at, names=[row.name], body=[row.goal])


def journey_touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "journey" else []


def journey_address(document: Document) -> str:
    return reverse("journeys:journey_detail", args=[document.id])


search_documents.register(
    SearchDocument(
        "journey", _("Journeys"), "journeys.view", journey_documents, Journey.objects.visible_to, journey_address,
        ("journeys.created", "journeys.updated", "journeys.deleted", "journeys.bin_restored", "journeys.erased"),
        journey_touched, order=71,
    )
)  # fmt: skip
