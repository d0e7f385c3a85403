"""The demo's landing pages: two published ones with a month of visitors, whose forms made some of the demo's leads."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from crm.accounts.access import actor_for
from crm.activity.recording import quietly
from crm.core.demo import DemoContext
from customers.models import Product
from sales.choices.leads import LeadSource
from sales.models import Lead

from ..actions import landing as actions
from ..models import LandingDay, LandingPage, LandingSubmission

_FILE = Path(__file__).parent / "landing_pages.json"
#: Source, how many open the page on a usual day, and of a hundred how many send the form.
_SOURCES = (("wechat", 14), ("baidu", 11), ("newsletter", 6), ("qr", 3), ("", 8))
_DAYS = 30


def make_landing_pages(context: DemoContext) -> None:
    """Written and published by the marketer's verbs; visits and sent forms are laid over the last month."""
    author = actor_for(context.made["staff"].in_role("marketer")[0])
    pages = json.loads(_FILE.read_text(encoding="utf-8"))
    context.progress.start("Landing pages", len(pages))
    rng = context.rng("marketing.landing")
    leads = list(
        Lead.objects.filter(source=LeadSource.WEB_FORM, created_at__gte=context.now - dt.timedelta(days=_DAYS))
        .order_by("created_at", "pk")
    )  # fmt: skip
    with quietly():
        for number, values in enumerate(pages):
            content = _with_product(values.pop("content"))
            page = actions.create_page(actor=author, values=values, content=content)
            page = actions.publish_page(actor=author, record=page)
            begun = context.now - dt.timedelta(days=_DAYS)
            LandingPage.objects.filter(pk=page.pk).update(created_at=begun, published_at=begun)
            _visits(context, page, rng)
            _forms(page, leads[number :: len(pages)], rng)
            context.progress.advance()
    context.progress.finish()


def _with_product(content: dict[str, Any]) -> dict[str, Any]:
    """The content with the first product that is sold, without the block where there is none."""
    product = Product.objects.active().order_by("pk").first()
    blocks = []
    for block in content["blocks"]:
        if block["type"] != "product":
            blocks.append(block)
        elif product is not None:
            blocks.append({**block, "values": {**block["values"], "product": product.pk}})
    return {**content, "blocks": blocks}


def _visits(context: DemoContext, page: LandingPage, rng: Any) -> None:
    today = actions.company_day(page.brand)
    rows = []
    for back in range(_DAYS):
        day = today - dt.timedelta(days=back)
        quiet = 0.4 if day.weekday() >= 5 else 1.0
        for source, usual in _SOURCES:
            visits = round(usual * quiet * rng.uniform(0.5, 1.5))
            if visits:
                rows.append(LandingDay(page=page, day=day, source=source, visits=visits))
        rows.append(LandingDay(page=page, day=day, source="", is_machine=True, visits=rng.randint(2, 9)))
    LandingDay.objects.bulk_create(rows)


def _forms(page: LandingPage, leads: list[Lead], rng: Any) -> None:
    for lead in leads:
        source = rng.choice([name for name, _usual in _SOURCES])
        marks = {"utm_source": source} if source else {}
        lead.source, lead.utm = LeadSource.LANDING_PAGE, {"v": 1, **marks} if marks else {}
        agreed = [key for key in page.channels if rng.random() < 0.5]
        language = lead.language or "zh-hans"
        LandingSubmission.objects.create(
            page=page, lead=lead, form_key=f"demo-{page.slug}-{lead.pk}", day=lead.created_at.date(), source=source,
            utm=lead.utm, language=language, created_at=lead.created_at, updated_at=lead.created_at,
            consents={"v": 1, **{key: page.advertising.in_language(language) for key in agreed}} if agreed else {},
            consent_version=page.advertising_version if agreed else 0,
        )  # fmt: skip
    Lead.objects.bulk_update(leads, ["source", "utm"])
