"""The demo's deals: half a year of selling to the demo's companies, in both languages."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from crm.accounts.models import User
from crm.activity.demo import History, place
from crm.activity.recording import kind_of
from crm.core import money, names
from crm.core.actor import Actor, ActorKind
from crm.core.demo import DemoContext
from crm.core.models import Brand
from crm.core.numbering import next_numbers
from crm.planner.models import Task
from customers.models import Contact, Customer, Product

from ..choices.opportunities import OpportunitySource, StageKind
from ..models import Collaborator, LostReason, Opportunity, OpportunityLine, Pipeline, Stage, StageSpan
from ..models.opportunities import NUMBER_SEQUENCE
from ..words import DEALS, NEXT_STEPS, NOTES_LOST

DEALS_MADE = 160
_SOURCES = [OpportunitySource(name) for name in ("staff", "customer", "lead", "referral", "ticket")]
_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class _Path:
    """How far a deal got: its stages with the moment it came into each."""

    stages: list[tuple[Stage, dt.datetime]]

    @property
    def now(self) -> tuple[Stage, dt.datetime]:
        return self.stages[-1]


class DealMaker:
    """Makes deals one after the other; rows are written together at the end."""

    def __init__(self, context: DemoContext):
        self.now, self.rng = context.now, context.rng("opportunities")
        self.history: History = context.made["history"]
        self.pipeline = Pipeline.objects.order_by("order", "pk")[0]
        stages = list(self.pipeline.stages.all())
        self.open = [stage for stage in stages if stage.kind == StageKind.OPEN]
        self.won, self.lost = (next(s for s in stages if s.kind == kind) for kind in (StageKind.WON, StageKind.LOST))
        self.reasons = list(LostReason.objects.all())
        self.products = list(Product.objects.filter(currency="CNY"))
        self.sales: list[User] = context.made["staff"].in_role("sales")
        self.brand = Brand.default()
        self.spans: list[StageSpan] = []
        self.lines: list[OpportunityLine] = []
        self.tasks: list[Task] = []
        self.together: list[Collaborator] = []

    def make(self, customer: Customer, contact: Contact | None, number: int) -> Opportunity:
        """A deal with a customer, from its first day to now."""
        rng = self.rng
        chinese = customer.language == "zh-hans"
        owner = customer.owner or rng.choice(self.sales)
        created = self.now - dt.timedelta(seconds=int((1 + rng.random() ** 1.4 * 200) * 86_400))
        path = self._path(created)
        stage, entered = path.now
        name = rng.choice(DEALS)[1 if chinese else 0]
        deal = Opportunity(
            number=number, brand=self.brand, customer=customer, contact=contact, owner=owner,
            department_id=owner.department_id, pipeline=self.pipeline, stage=stage, stage_entered_at=entered,
            name=name, sort_key=names.sort_key(name), search_key=names.search_key(name),
            currency="CNY" if chinese or rng.random() < 0.7 else "USD",
            amount=Decimal(rng.randint(8, 700)) * 1000,
            expected_close=self._closing(path), source=rng.choices(_SOURCES, (3, 4, 3, 1, 1))[0],
            created_at=created, updated_at=entered, note="",
        )  # fmt: skip
        if stage.kind == StageKind.WON:
            deal.won_at = entered
        elif stage.kind == StageKind.LOST:
            deal.lost_at, deal.lost_reason = entered, rng.choice(self.reasons)
            deal.lost_note = rng.choice(NOTES_LOST)[1 if chinese else 0] if deal.lost_reason.needs_note else ""
        elif rng.random() < 0.15:
            deal.probability = rng.choice((25, 60, 80, 95))
        deal.save_base(raw=True, force_insert=True)
        if self.products and deal.currency == "CNY" and rng.random() < 0.5:
            self._products(deal)
        self._spans(deal, path)
        if deal.is_open:
            self._next_step(deal, chinese)
        if rng.random() < 0.12:
            mate = rng.choice(self.sales)
            if mate.pk != owner.pk:
                self.together.append(Collaborator(opportunity=deal, user=mate))
        self._tell(deal, owner, path)
        return deal

    def _path(self, created: dt.datetime) -> _Path:
        """Stage after stage until today, won or lost; slow deals stand still."""
        rng, at = self.rng, created
        stages = [(self.open[0], created)]
        for place_, stage in enumerate(self.open):
            stay = stage.expected_days * (0.3 + rng.random() * 1.1) * (1.9 if rng.random() < 0.12 else 1)
            at += dt.timedelta(seconds=int(stay * 86_400))
            if at >= self.now:
                break
            if rng.random() < (0.16, 0.15, 0.17, 0.12, 0.05)[min(place_, 4)]:
                return _Path([*stages, (self.lost, at)])
            further = self.open[place_ + 1] if place_ + 1 < len(self.open) else self.won
            stages.append((further, at))
        return _Path(stages)

    def _closing(self, path: _Path) -> dt.date:
        stage, entered = path.now
        if stage.kind != StageKind.OPEN:
            return entered.date()
        return (self.now + self.rng.randint(-8, 20 + 25 * (6 - stage.order // 10)) * _DAY).date()

    def _products(self, deal: Opportunity) -> None:
        rows = []
        for position in range(self.rng.choice((1, 1, 2, 3))):
            product, quantity = self.rng.choice(self.products), Decimal(self.rng.randint(2, 40))
            amounts = money.line_of(
                quantity=quantity, unit_price=product.price, currency="CNY", tax_percent=product.tax_percent
            )
            rows.append(
                OpportunityLine(
                    opportunity=deal, position=position, product=product, name=str(product.name), quantity=quantity,
                    unit_price=product.price, tax_percent=product.tax_percent, net=amounts.net, tax=amounts.tax,
                    gross=amounts.gross,
                )
            )  # fmt: skip
        self.lines += rows
        deal.amount = sum((row.gross for row in rows), Decimal(0))
        deal.save_base(raw=True)

    def _spans(self, deal: Opportunity, path: _Path) -> None:
        left = [at for _stage, at in path.stages[1:]] + [None]
        for (stage, at), end in zip(path.stages, left, strict=True):
            self.spans.append(
                StageSpan(opportunity=deal, stage=stage, entered_at=at, left_at=end, amount=deal.amount, created_at=at)
            )

    def _next_step(self, deal: Opportunity, chinese: bool) -> None:
        if self.rng.random() < 0.18:
            return
        what, english, chinese_text = self.rng.choice(NEXT_STEPS)
        due = self.now + dt.timedelta(hours=self.rng.choice((-50, -26, 3, 5, 24, 48, 72, 120, 200, 300)))
        title = chinese_text if chinese else english
        self.tasks.append(
            Task(
                kind=kind_of(Opportunity).code, object_id=deal.pk, title=title, search_key=names.search_key(title),
                what=what, assignee_id=deal.owner_id, created_by_id=deal.owner_id, due_at=due, remind_minutes=None,
                created_at=min(deal.stage_entered_at, due),
            )
        )  # fmt: skip

    def _tell(self, deal: Opportunity, owner: User, path: _Path) -> None:
        actor, subject = Actor(ActorKind.STAFF, owner.pk, owner.name), place(Opportunity, deal.pk)
        anchors = [place(Customer, deal.customer_id)]
        if deal.contact_id:
            anchors.append(place(Contact, deal.contact_id))
        facts: dict[str, object] = {"number": deal.number, "name": deal.name, "amount": deal.amount_text}
        self.history.tell(deal.created_at, actor, "opportunities.created", subject, anchors, facts)
        for (before, _at), (stage, at) in zip(path.stages, path.stages[1:], strict=False):
            type_, more = "opportunities.moved", {"from": dict(before.name), "to": dict(stage.name)}
            if stage.kind == StageKind.WON:
                type_, more = "opportunities.won", {}
            elif stage.kind == StageKind.LOST and deal.lost_reason is not None:
                type_, more = "opportunities.lost", {"reason": dict(deal.lost_reason.name), "text": deal.lost_note}
            self.history.tell(at, actor, type_, subject, anchors, {**facts, **more})


def make_opportunities(context: DemoContext) -> None:
    """Deals with companies of the demo; leaves how many in `made["opportunities"]`."""
    maker, rng = DealMaker(context), context.rng("opportunities.customers")
    companies = list(Customer.objects.filter(kind="company", is_internal=False).select_related("owner").order_by("pk"))
    count = min(DEALS_MADE, len(companies) * 2)
    people: dict[int, Contact] = {}
    for contact in Contact.objects.filter(customer__in=companies, is_primary=True):
        people[contact.customer_id] = contact
    context.progress.start("Opportunities", max(1, count))
    chosen = _chosen(rng, companies, count)
    for number, customer in zip(next_numbers(NUMBER_SEQUENCE, count), chosen, strict=True):
        maker.make(customer, people.get(customer.pk), number)
        context.progress.advance()
    for model, rows in (
        (StageSpan, maker.spans), (OpportunityLine, maker.lines), (Task, maker.tasks), (Collaborator, maker.together),
    ):  # fmt: skip
        model.objects.bulk_create(rows)  # type: ignore[attr-defined]
    context.made["opportunities"] = count


def _chosen(rng: random.Random, companies: list[Customer], count: int) -> list[Customer]:
    return [rng.choice(companies) for _number in range(count)] if companies else []
