"""The demo's leads: two pools, people in both languages, in every state. Set-based where nothing depends on a verb."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.accounts.demo import person_name
from crm.accounts.models import User
from crm.activity.demo import History, place
from crm.activity.recording import kind_of
from crm.core.actor import Actor, ActorKind
from crm.core.demo import DemoContext
from crm.core.models import Brand
from crm.core.translated import Translated, in_all_languages
from customers.models import Customer

from ..actions.lead_scores import score_lead
from ..choices.leads import OPEN, DiscardReason, LeadEventKind, LeadSource, LeadStatus, RouteTo, SpanEnd, SpanStart
from ..models import Lead, LeadDecision, LeadEvent, LeadRule, OwnerSpan, Pool
from ..seeds.leads import CONSENT

COUNT = 72
_ZH = [
    ("启明机械", "采购经理", "机械", "苏州"),
    ("远航物流", "运营总监", "物流", "宁波"),
    ("嘉禾食品", "信息主管", "食品", "成都"),
    ("蓝海医疗", "设备科长", "医疗", "武汉"),
    ("金桥教育", "校长助理", "教育", "南京"),
    ("恒信地产", "工程部经理", "地产", "杭州"),
]
_EN = [
    ("Larkfield Foods", "Buyer", "Food", "Leeds"), ("Marlow Freight", "Head of operations", "Logistics", "Bristol"),
    ("Oakridge Clinics", "Facilities manager", "Health", "York"), ("Pineway Schools", "Bursar", "Education", "Bath"),
]  # fmt: skip
_ASKS_ZH = (
    "想了解云帆路由器的批量价格，预计采购 50 台。",
    "我们正在更换办公设备，请联系我介绍方案。",
    "请问年度维保怎么收费？",
    "在展会上看到贵公司的产品，希望安排演示。",
)
_ASKS_EN = (
    "We are looking for about 40 units. What does a volume price look like?",
    "Please call me about replacing our office devices.", "What does yearly maintenance cost?",
    "I saw your stand at the fair and would like a demonstration.",
)  # fmt: skip
_TALKS = {
    "zh-hans": "已电话沟通，对方希望先看报价。",
    "en": "Spoke on the phone; they would like to see a quote first.",
}
_SOURCES = (LeadSource.WEB_FORM, LeadSource.WEB_FORM, LeadSource.EVENT, LeadSource.PHONE, LeadSource.REFERRAL)
#: How many of each state, of `COUNT`: in a pool, new, working, qualified, converted, discarded.
_STATES = (
    ("pool", 24), ("new", 10), ("working", 14), ("qualified", 8), ("converted", 9), ("discarded", 7),
)  # fmt: skip


def make_leads(context: DemoContext) -> None:
    """Leads of the last three months; those that are held were taken lately enough to stay with their owner."""
    sales: list[User] = context.made["staff"].in_role("sales")
    pools = _pools(sales)
    maker = _Maker(context, sales, pools)
    states = [state for state, count in _STATES for _n in range(count)]
    context.rng("leads.states").shuffle(states)
    context.progress.start("Leads", len(states))
    for state in states:
        maker.make(state)
        context.progress.advance()
    Lead.objects.filter(pk__in=maker.ids).reckon()


def _pools(sales: list[User]) -> list[Pool]:
    """The seeded pool for everybody, and one for large enquiries, with the rule that fills it."""
    public = Pool.objects.order_by("pk").first()
    if public is None:
        public = Pool.objects.create(name=Translated({"en": "Public pool", "zh-hans": "公海"}))
    public.daily_limit, public.capacity, public.wait_days = 10, 30, 7
    public.idle_days, public.convert_days, public.protect_days = 15, 60, 3
    public.save()
    large = Pool.objects.create(
        name=Translated({"en": "Key accounts", "zh-hans": "大客户公海"}), daily_limit=3, capacity=10, wait_days=14,
        idle_days=7, convert_days=45, protect_days=3, order=10,
    )  # fmt: skip
    public.users.set(sales)
    large.users.set(sales[:2])
    LeadRule.objects.create(
        name=Translated({"en": "Large budgets", "zh-hans": "大额预算"}), route=RouteTo.POOL, pool=large, order=10,
        condition={"v": 1, "all": [{"field": "lead.budget", "op": "at_least", "value": 300000}]},
    )  # fmt: skip
    return [public, large]


class _Maker:
    """Makes leads one after the other."""

    def __init__(self, context: DemoContext, sales: list[User], pools: list[Pool]):
        self.now, self.sales, self.pools = context.now, sales, pools
        self.rng = context.rng("leads")
        self.history: History = context.made["history"]
        self.brand = Brand.default()
        self.rules = {rule.pool_id: rule for rule in LeadRule.objects.filter(route=RouteTo.POOL)}
        owned = Customer.objects.external().filter(owner__in=sales, contacts__isnull=False).order_by("-pk").distinct()
        self.customers = list(owned[:20])
        self.ids: list[int] = []

    def make(self, state: str) -> None:
        """One lead with its history."""
        rng, chinese = self.rng, self.rng.random() < 0.6
        is_over = state in ("converted", "discarded")
        created = self.now - dt.timedelta(
            days=rng.randint(20, 80) if is_over else rng.randint(1, 12), minutes=rng.randint(0, 600)
        )
        lead = self._lead(chinese, state, created)
        actor = Actor.guest() if lead.source == LeadSource.WEB_FORM else _staff(rng.choice(self.sales))
        subject = place(Lead, lead.pk)
        words: dict[str, Any] = {"number": lead.number, "name": lead.name}
        source = in_all_languages(LeadSource(lead.source).label)
        arrived = "leads.captured" if lead.source == LeadSource.WEB_FORM else "leads.created"
        self.history.tell(created, actor, arrived, subject, (), {**words, "source": source, "text": lead.message})
        rule = self.rules.get(lead.pool_id)
        decision = LeadDecision(
            lead=lead, rule=rule, pool=lead.pool, created_at=created,
            reasons={"v": 1, "name": dict(rule.name) if rule else {}, "route": RouteTo.POOL, "passed": [],
                     "considered": []},
        )  # fmt: skip
        decision.save()
        if lead.source == LeadSource.WEB_FORM:
            LeadEvent.objects.create(lead=lead, kind=LeadEventKind.FORM, happened_at=created)
        if state != "pool":
            self._hold(lead, state, created, words, chinese)
        score_lead(lead)
        self.ids.append(lead.pk)

    def _lead(self, chinese: bool, state: str, created: dt.datetime) -> Lead:
        rng = self.rng
        name, mailbox = person_name(rng, chinese)
        company, title, industry, region = rng.choice(_ZH if chinese else _EN)
        budget = rng.choice((None, 20_000, 60_000, 120_000, 350_000, 800_000))
        number = len(self.ids)
        lead = Lead(
            brand=self.brand, name=name, company=company, job_title=title, industry=industry, region=region,
            email=f"{mailbox}.{number}@prospect.example", budget=budget, created_at=created, updated_at=created,
            phone=f"+861380019{number:04d}" if chinese else "", source=rng.choice(_SOURCES),
            message=rng.choice(_ASKS_ZH if chinese else _ASKS_EN), language="zh-hans" if chinese else "en",
            pool=self.pools[1] if (budget or 0) >= 300_000 else self.pools[0],
            status=LeadStatus.NEW if state == "pool" else state,
        )  # fmt: skip
        if lead.source == LeadSource.WEB_FORM:
            lead.consent_text, lead.consent_version = CONSENT[lead.language], 1
            lead.consented_at = created
            lead.utm = {"v": 1, "utm_source": rng.choice(("baidu", "newsletter", "wechat"))}
        lead.save()
        return lead

    def _hold(self, lead: Lead, state: str, created: dt.datetime, words: dict[str, Any], chinese: bool) -> None:
        """Somebody claimed it, and what became of it."""
        rng = self.rng
        owner = rng.choice(self.sales)
        taken = created + dt.timedelta(hours=rng.randint(1, 20))
        span = OwnerSpan.objects.create(
            kind=kind_of(Lead).code, object_id=lead.pk, user=owner, pool=lead.pool, started_at=taken,
            start=SpanStart.CLAIMED,
        )  # fmt: skip
        lead.owner, lead.department_id, lead.assigned_at, lead.claimed_at = owner, owner.department_id, taken, taken
        subject, actor, pool = place(Lead, lead.pk), _staff(owner), dict(lead.pool.name) if lead.pool else {}
        self.history.tell(taken, actor, "leads.claimed", subject, (), {**words, "pool": pool})
        if state != "new":
            talked = taken + dt.timedelta(hours=rng.randint(1, 3))
            lead.last_touched_at = talked
            LeadEvent.objects.create(lead=lead, kind=LeadEventKind.TALK, happened_at=talked)
            text = _TALKS["zh-hans" if chinese else "en"]
            said = {**words, "what": in_all_languages("Call"), "kind": "call", "outcome": "reached", "text": text}
            self.history.tell(talked, actor, "leads.talked", subject, (), said)
        ended = taken + dt.timedelta(days=rng.randint(2, 9))
        if state == "discarded":
            reason = rng.choice(list(DiscardReason))
            lead.discard_reason = reason
            said = {**words, "reason": in_all_languages(reason.label), "text": ""}
            self.history.tell(ended, actor, "leads.discarded", subject, (), said)
        if state == "converted" and self.customers:
            self._convert(lead, actor, subject, ended, words)
        lead.save()
        if lead.status not in OPEN:
            span.ended_at, span.end = ended, SpanEnd.CONVERTED if state == "converted" else SpanEnd.DISCARDED
            span.save()

    def _convert(
        self, lead: Lead, actor: Actor, subject: tuple[int, int], at: dt.datetime, words: dict[str, Any]
    ) -> None:
        customer = self.customers.pop()
        lead.converted_customer, lead.converted_contact = customer, customer.contacts.order_by("pk").first()
        lead.converted_at, lead.company = at, customer.name
        said = {**words, "customer": customer.name, "customer_number": customer.number}
        self.history.tell(at, actor, "leads.converted", subject, [place(Customer, customer.pk)], said)


def _staff(user: User) -> Actor:
    return Actor(ActorKind.STAFF, user.pk, user.name)
