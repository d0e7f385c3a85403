"""A few dozen records of every kind that figures count, with chance in them: the same each time.

Some stand on the edges of the period, some in another currency, some in the bin; owners and teams differ, so that three
roles see different sets.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from crm.accounts.models import Department, Team, User
from crm.core import clock
from crm.core.actor import Scope
from crm.core.metrics import Span
from crm.core.models import Brand
from crm.core.sockets import kinds
from crm.messaging.models import Conversation
from customers.figures.analysis import compute_facts
from customers.models import Concern, Contact, Customer, CustomerFacts, Order, Product, ProductCategory
from knowledge.models import Article, ArticleDay, Category, Feedback, SearchMiss
from marketing.models import Campaign, Enrolment, Journey, JourneyVersion, Recipient
from sales.choices.leads import LeadStatus
from sales.choices.quotes import QuoteState
from sales.models import Contract, Instalment, Lead, LostReason, Opportunity, Payment, Pipeline, Quote, Stage
from tickets.models import Rating, RequestType, Status, StatusSpan, Ticket, TicketFacts

from .builders import SHANGHAI, at, named, person

NOW = at(30, 12)
SPAN = Span(at(1, 0), at(30, 0), SHANGHAI)
TODAY = dt.date(2026, 11, 30)
SEE = (
    "customers.view", "orders.view", "opportunities.view", "leads.view", "quotes.view", "payments.view",
    "contracts.view", "knowledge.view", "knowledge.write", "reports.view", "tickets.view", "campaigns.view",
    "journeys.view",
)  # fmt: skip


class World:
    """A few dozen rows of every kind with chance in them, the same each time; some in euro, some on the edges."""

    def __init__(self) -> None:
        self.rng = random.Random("figures")
        self.brand = Brand.default()
        self.sales = Department.objects.create(name=named("Sales"))
        self.people = {
            "wide": person(*SEE, scope=Scope.ALL, name="Admin"),
            "middle": person(*SEE, scope=Scope.DEPARTMENT, name="Lead"),
            "own": person(*SEE, scope=Scope.OWN, name="Seller"),
        }
        for user in (self.people["middle"], self.people["own"]):
            user.department = self.sales
            user.save()
        self.leaver = person(name="Leaver")
        User.objects.filter(pk=self.leaver.pk).update(is_active=False)
        self.trade()
        self.deals()
        self.money()
        self.articles()
        self.campaigns()
        self.journeys()
        Desk(self)

    def moment(self) -> dt.datetime:
        """Mostly in November; some on its first and last midnight."""
        edges = [SPAN.start, SPAN.end, SPAN.start - dt.timedelta(seconds=1), SPAN.end - dt.timedelta(microseconds=1)]
        if self.rng.random() < 0.15:
            return self.rng.choice(edges)
        return at(1, 0) + dt.timedelta(minutes=self.rng.randrange(-40 * 1440, 29 * 1440))

    def held(self) -> dict[str, Any]:
        """Whose a row is, so that scopes differ."""
        return self.rng.choice(
            [
                {"owner": self.people["own"], "department": self.sales},
                {"owner": self.leaver},
                {"department": self.sales},
                {},
            ]
        )

    def cash(self) -> dict[str, Any]:
        return {"currency": self.rng.choice(["CNY", "CNY", "EUR"])}

    def trade(self) -> None:
        category = ProductCategory.objects.create(name=named("Printers"))
        Product.objects.create(code="P1", name=named("Printer"), category=category, price=10, currency="CNY")
        self.customers = [
            Customer.objects.create(
                name=f"Customer {number}", brand=self.brand, created_at=self.moment(), **self.held()
            )
            for number in range(12)
        ]
        Customer.objects.create(name="We", brand=self.brand, is_internal=True, created_at=at(5, 9))
        for number in range(45):
            gross = Decimal(self.rng.randrange(100, 99_999)) / 100
            Order.objects.create(
                brand=self.brand, customer=self.rng.choice(self.customers[:9]), gross=gross, placed_at=self.moment(),
                refunded=gross if number % 7 == 0 else 0, status=self.rng.choice(["placed", "paid", "cancelled"]),
                channel=self.rng.choice(["shop", "sales"]), **self.cash(),
            )  # fmt: skip
        compute_facts()
        facts = CustomerFacts.objects.order_by("customer_id")
        for number, pk in enumerate(facts.values_list("pk", flat=True)):
            CustomerFacts.objects.filter(pk=pk).update(risk=("high", "none", "medium", "low")[number % 4])

    def deals(self) -> None:
        stages = list(Stage.objects.filter(pipeline=Pipeline.objects.first(), kind="open"))
        reasons = list(LostReason.objects.all())
        for number in range(45):
            created, ending = self.moment(), self.rng.random()
            ended = created + dt.timedelta(hours=self.rng.randrange(1, 400))
            ends: dict[str, Any] = {"won_at": ended} if ending < 0.35 else {}
            if ending > 0.75:
                ends = {"lost_at": ended, "lost_reason": self.rng.choice(reasons)}
            stage = self.rng.choice(stages)
            Opportunity.objects.create(
                name=f"Deal {number}", brand=self.brand, customer=self.rng.choice(self.customers), created_at=created,
                pipeline=stage.pipeline, stage=stage, amount=Decimal(self.rng.randrange(0, 9_999_99)) / 100,
                probability=self.rng.choice([None, 5, 60]), expected_close=TODAY,
                source=self.rng.choice(["staff", "lead"]) if number else "staff", **ends, **self.held(), **self.cash(),
            )  # fmt: skip
            status = self.rng.choice(list(LeadStatus))
            converted = {"converted_at": self.moment()} if status == LeadStatus.CONVERTED else {}
            Lead.objects.create(
                name=f"Lead {number}", brand=self.brand, created_at=self.moment(), status=status,
                source=self.rng.choice(["web_form", "event"]), **converted, **self.held(),
            )  # fmt: skip
            state = self.rng.choice([QuoteState.DRAFT, QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.REJECTED])
            sent = {} if state == QuoteState.DRAFT else {"sent_at": self.moment(), "year": 2026, "number": number + 1}
            decided = {"decided_at": self.moment(), "decided_hash": "x"} if state in {"accepted", "rejected"} else {}
            Quote.objects.create(
                name=f"Quote {number}", brand=self.brand, customer=self.rng.choice(self.customers), state=state,
                language="en", valid_until=TODAY, gross=Decimal(self.rng.randrange(1, 99_999)) / 100, **sent, **decided,
                **self.held(), **self.cash(),
            )  # fmt: skip

    def money(self) -> None:
        for number in range(12):
            state = self.rng.choice(["active", "expired", "draft", "cancelled"])
            contract = Contract.objects.create(
                name=f"Contract {number}", brand=self.brand, customer=self.rng.choice(self.customers), state=state,
                language="en", amount=1000, **({"year": 2026, "number": number + 1} if state != "draft" else {}),
                **({"signed_on": TODAY - dt.timedelta(days=number % 4)} if state != "draft" else {}), **self.held(),
                **self.cash(),
            )  # fmt: skip
            for position in (1, 2):
                Instalment.objects.create(
                    contract=contract, position=position, due_on=TODAY + dt.timedelta(days=self.rng.randrange(-40, 40)),
                    amount=500, paid=self.rng.choice([0, 200, 500]),
                )  # fmt: skip
            day = self.rng.choice([dt.date(2026, 11, 1), dt.date(2026, 11, 29), dt.date(2026, 11, 30), TODAY])
            Payment.objects.create(
                brand=self.brand, year=2026, number=number + 1, contract=contract, received_on=day,
                amount=Decimal(self.rng.randrange(1, 99_999)) / 100, currency=contract.currency,
            )  # fmt: skip

    def articles(self) -> None:
        shelf = Category.objects.create(brand=self.brand, name=named("Help"), slug="help")
        rows = [Article.objects.create(brand=self.brand, category=shelf, language="en") for _number in range(4)]
        for number in range(40):
            day = (self.moment()).astimezone(SHANGHAI).date()
            ArticleDay.objects.create(
                article=self.rng.choice(rows), language=self.rng.choice(["en", "zh-hans"]), day=day, slot=number,
                views=self.rng.randrange(4), from_form=self.rng.randrange(3), stuck=self.rng.randrange(2),
                sent=self.rng.randrange(2),
            )  # fmt: skip
            Feedback.objects.create(
                article=self.rng.choice(rows), language="en", helpful=self.rng.random() < 0.6, at=self.moment()
            )
        for number in range(5):
            settled = {"settled_at": at(3, 3)} if number == 4 else {}
            SearchMiss.objects.create(query=f"word {number}", language="en", count=number + 1, **settled)

    def campaigns(self) -> None:
        people = [
            Contact.objects.create(customer=customer, name=f"Reader {customer.pk}") for customer in self.customers
        ]
        for number in range(4):
            began = self.moment() if number else at(9, 9)
            campaign = Campaign.objects.create(
                name=f"Campaign {number}", brand=self.brand, state="finished", sent_at=began, **self.held()
            )
            for contact in people:
                state = self.rng.choice(["sent", "sent", "sent", "failed", "left_out", "waiting"])
                deeds = ("opened_at", "clicked_at", "answered_at", "unsubscribed_at")
                did = {deed: began for deed in deeds if self.rng.random() < 0.4}
                Recipient.objects.create(
                    campaign=campaign, contact=contact, customer=contact.customer, state=state, language="en",
                    address=f"r{contact.pk}@example.com", **did,
                )  # fmt: skip

    def journeys(self) -> None:
        for number in range(3):
            journey = Journey.objects.create(name=f"Journey {number}", brand=self.brand, **self.held())
            version = JourneyVersion.objects.create(journey=journey)
            for customer in self.customers:
                Enrolment.objects.create(
                    journey=journey, version=version, customer=customer, cause=f"deed:{number}",
                    state=self.rng.choice(["inside", "completed", "goal", "exited"]), entered_at=self.moment(),
                )  # fmt: skip


class Desk:
    """Tickets of two teams, one of them the salespeople's, in any state that a ticket can be left in."""

    def __init__(self, world: World, tickets: int = 50):
        self.world, self.rng = world, world.rng
        service = Department.objects.create(name=named("Service"))
        self.teams = [
            Team.objects.create(name=named(f"Team {number}"), department=department)
            for number, department in enumerate((world.sales, service))
        ]
        self.types = [
            RequestType.objects.create(key=f"asked-{number}", name=named(f"Asked {number}"), team=team)
            for number, team in enumerate(self.teams)
        ]
        self.statuses = list(Status.objects.filter(is_active=True))
        self.product = Product.objects.get(code="P1")
        made: list[Ticket] = []
        for number in range(tickets):
            made.append(self.ticket(number, made))
            self.verdicts(made[-1])
            self.stays(made[-1])

    def later(self, begin: dt.datetime, share: float = 0.7) -> dt.datetime | None:
        """Some time after, or not at all."""
        return begin + dt.timedelta(minutes=self.rng.randrange(1, 9000)) if self.rng.random() < share else None

    def ticket(self, number: int, earlier: list[Ticket]) -> Ticket:
        rng, created = self.rng, self.world.moment()
        customer = rng.choice(self.world.customers)
        contact = customer.contacts.order_by("pk").first() or Contact.objects.create(
            customer=customer, name="Reader", brand=self.world.brand
        )
        kind = rng.choice(self.types)
        resolved = self.later(created)
        assignee: User | None = rng.choice([None, self.world.people["own"], self.world.leaver])
        linked: dict[str, Any] = {"parent": earlier[0]} if number % 9 == 5 else {}
        if number % 9 == 7:
            linked = {"merged_into": earlier[0]}
        row = Ticket.objects.create(
            brand=self.world.brand, subject=f"Ticket {number}", request_type=kind, team=kind.team, assignee=assignee,
            status=rng.choice(self.statuses), customer=customer, contact=contact, language="en", timezone="UTC",
            conversation=Conversation.objects.create(
                brand=self.world.brand, subject="x", channel="web", language="en"
            ),
            created_at=created, first_response_at=self.later(created), resolved_at=resolved,
            closed_at=self.later(resolved or created, 0.4), sla_state=rng.choice(["none", "running", "breached"]),
            next_due_at=NOW + dt.timedelta(minutes=rng.choice([-5, 0, 30, 60, 61])),
            cause=rng.choice(["", "usage", "product"]), **linked,
        )  # fmt: skip
        met: Any = [None, True, False]
        TicketFacts.objects.create(
            ticket=row, first_response_met=rng.choice(met), resolution_met=rng.choice(met),
            **{f"{what}_{hours}_seconds": rng.choice([None, rng.randrange(90_000)])
               for what in ("first_response", "handling") for hours in ("business", "calendar")},
        )  # fmt: skip
        if number % 3 == 0:
            Concern.objects.create(
                customer=customer, kind=kinds["ticket"].code, object_id=row.pk, severity=rng.choice([1, 2, 3]),
                product=rng.choice([None, self.product]),
            )  # fmt: skip
        if number % 11 == 10:
            row.deleted_at = clock.now()
            row.save(update_fields=["deleted_at"])
        return row

    def verdicts(self, ticket: Ticket) -> None:
        """Of some tickets several, so that only the latest of a period counts."""
        for cycle in range(1, 1 + self.rng.choice([0, 1, 1, 3])):
            rated = self.rng.random() < 0.8
            Rating.objects.create(
                ticket=ticket, cycle=cycle, team=ticket.team, score=self.rng.randrange(1, 6) if rated else None,
                rated_at=self.world.moment() if rated else None,
            )  # fmt: skip

    def stays(self, ticket: Ticket) -> None:
        for _number in range(3):
            left = self.world.moment()
            StatusSpan.objects.create(
                ticket=ticket, status=self.rng.choice(self.statuses), team=self.rng.choice(self.teams), left_at=left,
                entered_at=left - dt.timedelta(hours=1), business_seconds=self.rng.randrange(9000),
                calendar_seconds=3600,
            )  # fmt: skip
