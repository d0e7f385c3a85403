"""A small desk with a week whose figures were computed by hand; every state is reached by the verbs themselves."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crm.accounts.access import actor_for
from crm.accounts.models import Department, Role, Team, TeamMembership, User
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.translated import Translated
from customers.actions import add_contact, create_customer
from customers.models import Contact
from tickets.actions import create_ticket, rate_ticket, reply, resolve_ticket
from tickets.models import AgentProfile, Rating, RequestType, Ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
_numbers = itertools.count(1)


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    """A moment of November 2026; the 2nd is a Monday."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=zone)


def named(text: str) -> Translated:
    """The same name in both languages."""
    return Translated({"en": text, "zh-hans": text})


def person(*permissions: str, scope: Scope = Scope.ALL, teams: tuple[Team, ...] = (), name: str = "") -> User:
    """A member of staff with these permissions and one scope in their modules."""
    number = next(_numbers)
    modules = {permission.split(".")[0] for permission in permissions}
    role = Role.objects.create(
        name=named(f"Role {number}"),
        permissions=sorted(permissions),
        scopes={module: int(scope) for module in modules},
    )
    user = User.objects.create_user(f"reports{number}@example.com", name=name or f"Person {number}")
    user.roles.add(role)
    for team in teams:
        TeamMembership.objects.create(team=team, user=user)
    return user


WORK = ("tickets.view", "tickets.create", "tickets.reply", "tickets.resolve", "tickets.update", "tickets.take")


@dataclass
class Desk:
    """Two teams with an agent each, a usual and an urgent request type of the first, one of the second."""

    first: Team
    second: Team
    usual: RequestType
    urgent: RequestType
    other: RequestType
    anna: User
    ben: User
    contact: Contact

    def ticket(self, created: dt.datetime, kind: RequestType | None = None) -> Ticket:
        """A ticket taken by telephone at that moment."""
        with clock.at(created):
            return create_ticket(
                actor=Actor.system(),
                contact=self.contact,
                request_type=kind or self.usual,
                subject="Printer drops offline",
                description="It happens every morning.",
            )

    def agent_of(self, ticket: Ticket) -> Actor:
        """Who answers it: Anna in the first team, Ben in the second."""
        return actor_for(self.anna if ticket.team_id == self.first.pk else self.ben)

    def answer(self, ticket: Ticket, moment: dt.datetime) -> None:
        """The first public reply."""
        with clock.at(moment):
            reply(actor=self.agent_of(ticket), ticket=ticket, body="We look into it.", form_key=f"r{next(_numbers)}")

    def resolve(self, ticket: Ticket, moment: dt.datetime, score: int | None = None) -> None:
        """The solution, and an hour later the customer's verdict."""
        with clock.at(moment):
            resolve_ticket(actor=self.agent_of(ticket), ticket=ticket, cause="usage", solution="New firmware.")
        if score is not None:
            self.rate(ticket, moment + dt.timedelta(hours=1), score)

    def rate(self, ticket: Ticket, moment: dt.datetime, score: int) -> None:
        """The verdict on the latest cycle."""
        rating = Rating.objects.filter(ticket=ticket).latest("cycle")
        with clock.at(moment):
            rate_ticket(actor=Actor.contact(self.contact.pk, "Li Lei"), rating=rating, score=score)


def build_desk() -> Desk:
    """An empty desk."""
    department = Department.objects.create(name=named("Service"))
    first, second = (Team.objects.create(name=named(name), department=department) for name in ("Hardware", "Billing"))
    usual, urgent, other = (
        RequestType.objects.create(key=key, name=named(key), team=team, impact=impact, urgency=urgency)
        for key, team, impact, urgency in (
            ("usual", first, 1, 2), ("urgent", first, 3, 3), ("other", second, 1, 2),
        )
    )  # fmt: skip
    anna, ben = (
        person(*WORK, scope=Scope.TEAM, teams=(team,), name=name) for team, name in ((first, "Anna"), (second, "Ben"))
    )
    for user in (anna, ben):
        AgentProfile.objects.create(user=user, capacity=4)
    customer = create_customer(actor=Actor.system(), values={"name": "Suzhou Hengyi"})
    contact = add_contact(actor=Actor.system(), customer=customer, name="Li Lei", emails=["li@example.com"])
    return Desk(first, second, usual, urgent, other, anna, ben, contact)


def build_week(desk: Desk) -> dict[str, Ticket]:
    """Four tickets, 2 to 4 November. Office hours are 9 to 12 and 13 to 18.

    quick: Mon 9:00, answered 9:30, solved 11:00, rated 5. Both clocks: 1800 s and 7200 s.
    overnight (urgent: 30 and 240 minutes): Mon 17:30, answered Tue 9:30, solved 14:00, rated 3. Answer 3600 s of
    business, 57600 s of calendar time; solution 16200 s and 73800 s; both promises broken.
    other (second team): Tue 10:00, answered 11:00, open. untouched: Wed 9:00, nobody's.
    """
    tickets = {
        "quick": desk.ticket(at(2, 9)),
        "overnight": desk.ticket(at(2, 17, 30), desk.urgent),
        "other": desk.ticket(at(3, 10), desk.other),
        "untouched": desk.ticket(at(4, 9)),
    }
    desk.answer(tickets["quick"], at(2, 9, 30))
    desk.resolve(tickets["quick"], at(2, 11), score=5)
    desk.answer(tickets["overnight"], at(3, 9, 30))
    desk.resolve(tickets["overnight"], at(3, 14), score=3)
    desk.answer(tickets["other"], at(3, 11))
    return tickets
