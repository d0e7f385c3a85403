"""One desk for the security tests: two teams that must not see each other, and who works around them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crm.accounts.models import Department, Role, Team, User
from crm.activity.models import DeadDelivery
from crm.calendars.models import Calendar, Holiday, Shift, ShiftException
from crm.console.links import tokens
from crm.core.actor import Actor
from crm.core.translated import Translated
from crm.files.actions import stage_upload
from crm.files.models import Attachment
from crm.files.signing import signed_url
from crm.jobs.models import Job
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.testing import builders
from crm.testing.access import routes
from crm.ui.models import SavedView
from customers.actions import add_contact, create_customer
from customers.actions import add_note as note_on_customer
from tickets.actions import accept_ticket, add_note, create_ticket, reply, resolve_ticket
from tickets.models import AgentProfile, Rating, RequestType, Skill, SlaPolicy, Status, Ticket

SYSTEM = Actor.system()
_numbers = itertools.count(1)


@dataclass
class Side:
    """A team with its agent, and a customer whose ticket is with them. word: stands in every text that is theirs."""

    word: str
    department: Department
    team: Team
    agent: User
    ticket: Ticket
    internal_file: Attachment
    public_file: Attachment
    view: SavedView
    job: Job
    notification: Notification
    rating: Rating


@dataclass
class World:
    """`own` and `other` are strangers to each other; people are by role."""

    own: Side
    other: Side
    people: dict[str, User]
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser of that role; "guest" is nobody. A failure is answered as in production, not raised."""
        if role not in self._clients:
            client = Client(raise_request_exception=False)
            if role != "guest":
                client.force_login(self.people[role])
            self._clients[role] = client
        return self._clients[role]


def make_world(word: str = "Plain", other: str = "Secret") -> World:
    """word and other: put into every text of the two sides, so that a test can look for them (or plant an attack)."""
    first, second = make_side(word), make_side(other)
    people = {role: builders.make_user(role) for role in ("administrator", "executive", "auditor", "employee")}
    return World(first, second, {"agent": first.agent, "stranger": second.agent, **people})


def make_side(word: str) -> Side:
    department = builders.make_department(f"{word} department"[:80])
    team = builders.make_team(f"{word} team"[:80], department=department)
    agent = builders.make_user("agent", name=f"{word} agent"[:100], teams=[team])
    AgentProfile.objects.create(user=agent)
    request_type = RequestType.objects.create(
        key=f"side-{next(_numbers)}",
        name=_both(f"{word} type"[:80]),
        description=_both(f"{word} description"[:200]),
        team=team,
    )
    customer = create_customer(actor=SYSTEM, values={"name": f"{word} company"[:200], "note": f"{word} about"})
    contact = add_contact(
        actor=SYSTEM,
        customer=customer,
        name=f"{word} person"[:200],
        job_title=f"{word} job"[:80],
        emails=[f"side{next(_numbers)}@example.test"],
    )
    note_on_customer(actor=SYSTEM, customer=customer, text=f"{word} customer note")
    ticket = create_ticket(
        actor=builders.staff(agent),
        contact=contact,
        request_type=request_type,
        subject=f"{word} subject"[:200],
        description=f"{word} words of the customer",
    )
    files = _talk(agent, ticket, word)
    rating = Rating.objects.get(ticket=ticket)
    Rating.objects.filter(pk=rating.pk).update(score=2, comment=f"{word} comment", rated_at=ticket.created_at)
    return Side(
        word=word,
        department=department,
        team=team,
        agent=agent,
        ticket=Ticket.objects.get(pk=ticket.pk),
        internal_file=files["internal"],
        public_file=files["public"],
        view=SavedView.objects.create(list_key="ticket", name=f"{word} view"[:60], owner=agent),
        job=Job.objects.create(kind="ui.bulk", label=f"{word} work"[:200], owner=agent, params={"list": "ticket"}),
        notification=_notification(agent, ticket, word),
        rating=rating,
    )


def _talk(agent: User, ticket: Ticket, word: str) -> dict[str, Attachment]:
    """Taken, answered with a file, noted with a file, and resolved."""
    actor = builders.staff(agent)
    accept_ticket(actor=actor, ticket=ticket)
    for kind, act in (("public", reply), ("internal", add_note)):
        key = f"world-form-key-{next(_numbers):06d}"
        name = f"{kind} {word}.txt"[:100]
        upload = stage_upload(actor=actor, form_key=key, name=name, file=ContentFile(word.encode() + b"\n", name))
        act(actor=actor, ticket=ticket, body=f"{word} {kind} words", form_key=key, uploads=[upload.token])
    resolve_ticket(actor=actor, ticket=ticket, cause="product", solution=f"{word} solution")
    found = Attachment.objects.order_by("-pk")[:2]
    return {file.visibility: file for file in found}


def _notification(agent: User, ticket: Ticket, word: str) -> Notification:
    from crm.core.sockets import kinds, notification_kinds

    kind = next(entry for entry in notification_kinds if entry.key.startswith("tickets."))
    return Notification.objects.create(
        user=agent,
        kind=kind.key,
        subject_kind=kinds["ticket"].code,
        object_id=ticket.pk,
        data={"actor": f"{word} actor", "number": ticket.label, "subject": f"{word} subject", "text": f"{word} text"},
        url=f"/tickets/{ticket.number}/",
    )


def _both(text: str) -> Translated:
    return Translated({"en": text, "zh-hans": text})


@dataclass
class Settings:
    """One row of everything that only administrators keep."""

    calendar: Calendar
    holiday: Holiday
    shift: Shift
    day: ShiftException
    skill: Skill
    policy: SlaPolicy
    mail: OutgoingMail
    dead: DeadDelivery


def make_settings(person: User) -> Settings:
    calendar = Calendar.default()
    day = dt.date(2031, 7, 9)
    return Settings(
        calendar=calendar,
        holiday=Holiday.objects.create(calendar=calendar, date=day, name=_both("Day")),
        shift=Shift.objects.create(user=person, weekdays=[0], start=dt.time(9), end=dt.time(17)),
        day=ShiftException.objects.create(user=person, date=day),
        skill=Skill.objects.create(key="probe-skill", name=_both("Skill")),
        policy=SlaPolicy.objects.order_by("pk")[0],
        mail=OutgoingMail.objects.order_by("pk")[0],
        dead=DeadDelivery.objects.create(activity_id=1, lane="default", subscriber="x", error="x"),
    )


def addresses(side: Side, settings: Settings) -> dict[str, dict[str, Any]]:
    """Every URL name with arguments that name a real record: the side's own, or the one row of a setting.

    A route without a row in `_arguments` gets the first record of its view's model, or one that is not there.
    """
    known = _arguments(side, settings)
    return {name: (known.get(name) or _first(name, example)) if example else {} for name, example in routes().items()}


def _first(name: str, example: dict[str, Any]) -> dict[str, Any]:
    view = getattr(resolve(reverse(name, kwargs=example)).func, "view_class", None)
    model, lookup = getattr(view, "model", None), getattr(view, "lookup", "")
    row = model._base_manager.order_by("pk").first() if model and lookup in example else None
    return {**example, lookup: getattr(row, lookup)} if row else example


def _arguments(side: Side, settings: Settings) -> Mapping[str, dict[str, Any]]:
    ticket, person = side.ticket, side.agent
    contact, customer = ticket.contact, ticket.customer
    file = side.internal_file
    signed = signed_url(side.public_file).split("/")[2]
    role = Role.objects.get(key="agent")
    rows: dict[str, dict[str, Any]] = {
        "console:home_slot": {"key": "tickets.queue"},
        "console:password_set": {
            "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
            "token": tokens.make_token(person),
        },
        "console:mail_text_update": {"key": "console.invitation"},
        "console:holiday_delete": {"pk": settings.holiday.pk},
        "console:shift_delete": {"pk": settings.shift.user_id, "shift": settings.shift.pk},
        "console:shift_day_delete": {"pk": settings.day.pk},
        "console:delivery_retry": {"pk": settings.dead.pk},
        "files:attachment_preview": {"uid": file.uid},
        "files:attachment_download": {"uid": file.uid, "name": file.name},
        "files:signed_preview": {"signed": signed},
        "files:signed_download": {"signed": signed, "name": "x"},
        "ui:panel": {"kind": "customer", "pk": customer.pk, "panel": "tickets.all"},
        "ui:timeline": {"kind": "ticket", "pk": ticket.pk},
        "ui:pick": {"kind": "contact"},
        "ui:list_bulk": {"key": "ticket", "action": "close"},
        "reports:card": {"key": "now"},
        "reports:export": {"key": "now"},
        "desk:request_type_update": {"pk": ticket.request_type_id},
        "desk:status_update": {"pk": Status.objects.order_by("pk")[0].pk},
        "desk:skill_update": {"pk": settings.skill.pk},
        "desk:agent_profile_update": {"pk": person.agent_profile.pk},
        "customers:contact_update": {"pk": contact.pk},
        "tickets:ticket_draft": {"number": ticket.number, "kind": "note"},
        "help:ticket_sent": {"token": ticket.guest_token},
        "help:ticket_rate": {"token": side.rating.token},
    }
    for names, arguments in (
        ("user_detail user_update user_suspend user_restore user_end_sessions user_send_link user_reset_two_step"
         " user_shifts"
         " shift_create shift_day_create", {"pk": person.pk}),
        ("team_detail team_update", {"pk": side.team.pk}),
        ("department_detail department_update", {"pk": side.department.pk}),
        ("role_detail role_update", {"pk": role.pk}),
        ("outgoing_mail_detail outgoing_mail_retry outgoing_mail_hold", {"pk": settings.mail.pk}),
        ("job_detail job_retry", {"pk": side.job.pk}),
        ("calendar_detail calendar_update holiday_create holiday_import", {"pk": settings.calendar.pk}),
    ):  # fmt: skip
        rows |= {f"console:{name}": arguments for name in names.split()}
    rows |= {f"notifications:notification_{verb}": {"pk": side.notification.pk} for verb in ("read", "unread")}
    rows |= {f"ui:list_{part}": {"key": "ticket"} for part in ("counts", "columns", "export")}
    rows |= {"ui:view_create": {"key": "ticket"}}
    rows |= {f"ui:view_{verb}": {"key": "ticket", "pk": side.view.pk} for verb in ("update", "save", "delete")}
    rows |= {f"ui:job_{verb}": {"pk": side.job.pk} for verb in ("detail", "cancel")}
    rows |= {f"desk:sla_policy_{verb}": {"pk": settings.policy.pk} for verb in ("detail", "update")}
    usual = {"tickets": {"number": ticket.number}, "customers": {"number": customer.number}}
    usual["help"] = {"token": ticket.access_token}
    for name, example in routes().items():
        arguments = usual.get(name.split(":")[0], {})
        if example.keys() == arguments.keys():
            rows.setdefault(name, arguments)
    return rows


class _Undo(Exception):
    """Leaves a savepoint."""


def undone(client: Client, method: str, url: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer to a request whose writes are taken back, so that the next one finds the same desk."""
    answer: list[Any] = []
    try:
        with transaction.atomic():
            response = getattr(client, method)(url, *args, **kwargs)
            if response.streaming:
                b"".join(response.streaming_content)
            answer.append(response)
            raise _Undo
    except _Undo:
        return answer[0]


#: Written by merely asking: who is here, what was tried, what a reader was shown, which sign-in failed.
#: What reading leaves behind on purpose: a session, an attempt, that somebody has seen a record.
_TRACES = ("django_session", "core_ratebucket", "activity_sighting")


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and a digest of every table. The column for presence is left out: it says only that somebody is here."""
    return dict(_fingerprint())


def _fingerprint() -> Iterator[tuple[str, tuple[int, str]]]:
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(_TRACES)):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(md5((to_jsonb(t) - 'last_seen_at')::text), '' ORDER BY"
                f" md5((to_jsonb(t) - 'last_seen_at')::text))), '') FROM {name} t"
            )
            yield table, cursor.fetchone()
