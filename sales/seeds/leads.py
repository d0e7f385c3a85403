"""What leads start with: a pool that takes what no rule takes, a consent text and a few score rules."""

from __future__ import annotations

from typing import Any

from crm.core.models import Brand
from crm.core.sockets import Seed
from crm.core.translated import Translated

from ..choices.leads import LeadEventKind, RouteTo, ScoreGroup
from ..models import LeadRule, LeadSettings, Pool, ScoreRule

CONSENT = Translated(
    {
        "en": "I agree that my details are stored and used to answer my enquiry.",
        "zh-hans": "我同意贵公司保存并使用以上信息来答复我的咨询。",
    }
)


def _both(english: str, chinese: str) -> Translated:
    return Translated({"en": english, "zh-hans": chinese})


def _is(field: str, op: str, value: Any = None) -> dict[str, Any]:
    leaf = {"field": f"lead.{field}", "op": op}
    return {"v": 1, "all": [leaf if value is None else {**leaf, "value": value}]}


#: English, 中文, condition, points.
FIT = [
    ("Has a phone number", "留有电话", _is("has_phone", "is", True), 15),
    ("Has an email address", "留有邮箱", _is("has_email", "is", True), 10),
    ("Names a budget", "有预算", _is("budget", "is_not_empty"), 15),
    ("Budget of 100,000 or more", "预算 10 万以上", _is("budget", "at_least", 100000), 10),
    ("Was recommended", "经人推荐", _is("source", "is", "referral"), 15),
]
#: English, 中文, event, points.
ENGAGEMENT = [
    ("Filled in a form", "提交表单", LeadEventKind.FORM, 15),
    ("Talked with us", "有过沟通", LeadEventKind.TALK, 10),
    ("Answered us", "回复过我们", LeadEventKind.REPLY, 10),
    ("Visited our site", "访问网站", LeadEventKind.VISIT, 5),
]


def seed_lead_settings() -> None:
    brand = Brand.objects.filter(is_default=True).first()
    if brand is not None:
        LeadSettings.objects.get_or_create(brand=brand, defaults={"consent_text": CONSENT})


def seed_pools() -> None:
    if Pool.objects.exists():
        return
    pool = Pool.objects.create(name=_both("Public pool", "公海"), idle_days=15, protect_days=3, order=50)
    if not LeadRule.objects.exists():
        LeadRule.objects.create(name=_both("Everything else", "其他线索"), route=RouteTo.POOL, pool=pool, order=90)


def seed_score_rules() -> None:
    if ScoreRule.objects.exists():
        return
    for place, (english, chinese, condition, points) in enumerate(FIT, start=1):
        ScoreRule.objects.create(
            name=_both(english, chinese), group=ScoreGroup.FIT, condition=condition, points=points, order=place * 10
        )
    for place, (english, chinese, event, points) in enumerate(ENGAGEMENT, start=10):
        ScoreRule.objects.create(
            name=_both(english, chinese), group=ScoreGroup.ENGAGEMENT, event=event, points=points, order=place * 10
        )


LEAD_SEEDS = [
    Seed("sales.lead_settings", seed_lead_settings, order=55),
    Seed("sales.pools", seed_pools, order=56),
    Seed("sales.score_rules", seed_score_rules, order=57),
]
