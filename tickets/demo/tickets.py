"""A year of demo tickets: set-based, but decided, clocked and measured by the product's own functions."""

from __future__ import annotations

import datetime as dt
import heapq
import io
import random
from bisect import bisect_right
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from PIL import Image, ImageDraw

from crm.calendars.hours import hours_of
from crm.conditions.language import parse
from crm.core.actor import Actor
from crm.core.demo import DemoContext, Ids
from crm.core.numbering import next_numbers
from crm.core.sockets import clock_kinds
from crm.files.actions import attach_file
from crm.messaging.models import Conversation
from customers.demo.customers import Requester
from customers.models import Customer

from ..actions.assignment import choose
from ..actions.deadlines import MEASURES
from ..choices import Priority
from ..models import RequestType, ServiceSettings, SlaPolicy, Status, Ticket
from ..models.tickets import NUMBER_SEQUENCE
from ..selectors import priority_from
from .arrivals import arrivals
from .desk import TYPES
from .life import Life
from .notices import Notices
from .office import Office
from .questions import answers_of
from .scenarios import Telling, tell
from .story import Story
from .tables import Tables
from .world import Draft, World

_BY_PHONE = 0.18
#: About so many tickets of the last two weeks stay open, however small the demo is.
_STANDING = 70
_WITH_FILES = 24
#: A small demo has a wave of complaints in its last days, so that customer care has a queue.
_SMALL, _WAVE, _CARE_DAYS = 20_000, 7, dt.timedelta(days=4)


class Year:
    """Makes the tickets: arrivals in order, then every queue and every life in order of assignment."""

    def __init__(self, context: DemoContext):
        self.context, self.now = context, context.now
        self.office = Office(context)
        self.notices = Notices(context.now, context.made["staff"])
        self.types: dict[str, RequestType] = context.made["types"]
        self.requesters: dict[str, list[Requester]] = {"en": [], "zh-hans": []}
        for requester in context.made["requesters"]:
            self.requesters[requester.language].append(requester)
        self.since = {code: [person.since for person in people] for code, people in self.requesters.items()}
        self.world = _world(context, self.notices)
        desk = ServiceSettings.objects.get(brand__is_default=True)
        self.close_after = dt.timedelta(hours=desk.close_after_hours)
        count = context.tickets
        self.moments = arrivals(context.rng("tickets.arrivals"), count, self.now)
        self.ids, self.numbers = Ids(Ticket).take(count), next_numbers(NUMBER_SEQUENCE, count)
        self.conversations = Ids(Conversation).take(count)
        self.slow = self._slow()
        self.openings: dict[int, tuple[int, Draft]] = {}

    def run(self) -> None:
        """Plays the year and writes what is left of it."""
        rng = self.context.rng("tickets.looks")
        queue = [(at + dt.timedelta(seconds=rng.randint(2, 7)), n) for n, (at, _code) in enumerate(self.moments)]
        heapq.heapify(queue)
        waiting: dict[int, tuple[Life, Telling]] = {}
        self.context.progress.start("Tickets", len(queue))
        while queue:
            at, number = heapq.heappop(queue)
            life, telling = waiting.pop(number, None) or self._begin(number)
            if at <= self.now and not self._assign(life, telling, at, self.slow.get(number, "")):
                waiting[number] = life, telling
                heapq.heappush(queue, (self.office.next_try(life.row.team_id, at), number))
                continue
            life.finish()
            if number >= len(self.ids) - _WITH_FILES * 4:
                self.openings[number] = life.opening_id, life.draft
            self.context.progress.advance()
        self.world.tables.flush()
        self.notices.write()

    def _begin(self, number: int) -> tuple[Life, Telling]:
        draft, telling, rng = self._draft(number)
        life = Life.begin(self.world, draft, rng)
        life.submit(draft.created_at, _cell(draft.type.impact, draft.type.urgency))
        return life, telling

    def _assign(self, life: Life, telling: Telling, at: dt.datetime, slow: str) -> bool:
        """Assigns and plays a ticket; False when it must wait."""
        self.office.advance(at)
        candidates = self.office.consider(life.row.team_id, life.draft.type.skill_id, at)
        chosen = choose(candidates, life.row)
        if chosen is None:
            life.queue(at, candidates)
            return False
        life.assign(at, self.office.give(chosen.user_id, at), chosen, candidates)
        Story(life, telling, self.office, self.close_after).play(at, slow)
        for span in life.active_spans():
            if span.assignee_id is not None:
                self.office.occupy(span.assignee_id, span.entered_at, span.left_at)
        return True

    def _draft(self, number: int) -> tuple[Draft, Telling, random.Random]:
        """Ticket by number: who asks for what. Its chance is its own, whatever happens to the others."""
        rng = self.context.rng(f"ticket:{number}")
        at, language = self.moments[number]
        key = self._type(rng, at)
        who = self._who(rng, language, at)
        telling = tell(rng, key, who, at)
        author = rng.choice(list(self.office.agents.values())) if rng.random() < _BY_PHONE else None
        draft = Draft(
            self.ids[number], self.numbers[number], self.conversations[number], at, who, self.types[key],
            telling.subject, telling.talk[0][1], author,
            answers_of(key, self.context.rng(f"answers:{number}"), dict(telling.slots), at),
        )  # fmt: skip
        return draft, telling, rng

    def _type(self, rng: random.Random, at: dt.datetime) -> str:
        wave = _WAVE if self.context.tickets < _SMALL and at > self.now - _CARE_DAYS else 1
        shares = [entry.share * (wave if entry.team == "care" else 1) for entry in TYPES.values()]
        return rng.choices(list(TYPES), shares)[0]

    def _who(self, rng: random.Random, language: str, at: dt.datetime) -> Requester:
        """Somebody who was a customer by then; a few ask often, most hardly ever."""
        language = (
            language if self.requesters[language] else next(code for code in self.requesters if self.requesters[code])
        )
        people = self.requesters[language]
        known = bisect_right(self.since[language], at) or len(people)
        return people[min(int(known * rng.random() ** 1.8), len(people) - 1)]

    def _slow(self) -> dict[int, str]:
        """Which tickets stay open: some of the last two weeks, and customer care's newest, more than it can take."""
        rng = self.context.rng("tickets.slow")
        first = bisect_right(self.moments, (self.now - dt.timedelta(days=14), ""))
        recent = range(first, len(self.moments))
        share = min(0.6, max(0.05, _STANDING / max(1, len(recent))))
        slow = {number: "slow" for number in recent if rng.random() < share}
        care = self.types["complaint"].team_id
        places = sum(agent.profile.capacity for agent in self.office.team(care))
        newest = [
            number
            for number in recent
            if self.moments[number][0] > self.now - _CARE_DAYS and self._draft(number)[0].type.team_id == care
        ]
        return slow | dict.fromkeys(newest[-(places + 6) :], "stuck")


@cache
def _cell(impact: int, urgency: int) -> int:
    """The priority of a matrix cell, read once."""
    return int(priority_from(impact, urgency))


def _world(context: DemoContext, notices: Notices) -> World:
    desk = ServiceSettings.objects.get(brand__is_default=True)
    policies = list(SlaPolicy.objects.filter(is_active=True).select_related("calendar"))
    conditions = {
        policy.pk: parse(policy.condition, on="ticket", author=Actor.system(), stored=True)
        for policy in policies
        if policy.condition
    }
    codes = {measure: clock_kinds[key].code for key, measure in MEASURES.items()}
    compiled = {policy.calendar_id: hours_of(policy.calendar) for policy in policies}

    @cache
    def decide(type_id: int, industry: str) -> SlaPolicy:
        request_type = next(entry for entry in context.made["types"].values() if entry.pk == type_id)
        probe = Ticket(request_type=request_type, customer=Customer(industry=industry))
        return next(
            policy for policy in policies if policy.pk not in conditions or conditions[policy.pk].matches(probe)
        )

    return World(
        now=context.now,
        tables=Tables(),
        history=context.made["history"],
        statuses={status.key: status for status in Status.objects.all()},
        codes=codes,
        words={clock_kinds[key].code: in_both_languages(clock_kinds[key].label) for key in MEASURES},
        priority_words={int(priority): in_both_languages(priority.label) for priority in Priority},
        consent=(dict(desk.consent_text), desk.consent_version),
        policy_for=lambda request_type, who: decide(request_type.pk, who.industry),
        hours=lambda policy: compiled[policy.calendar_id],
        told=notices.told,
    )


def in_both_languages(text: object) -> dict[str, str]:
    """A lazy text by language code."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = str(text)
    return words


def make_tickets(context: DemoContext) -> None:
    """The year, and a few files on the newest tickets."""
    year = Year(context)
    year.run()
    rng = context.rng("tickets.files")
    for number in rng.sample(sorted(year.openings), min(_WITH_FILES, len(year.openings))):
        _attach(rng, *year.openings[number])


def _attach(rng: random.Random, message_id: int, draft: Draft) -> None:
    author = Actor.contact(draft.who.contact_id, draft.who.name)
    if draft.type.key == "return" or rng.random() < 0.65:
        name, content = f"photo-{draft.number}.png", _picture(rng)
    else:
        name = f"device-log-{draft.number}.txt"
        lines = [f"{draft.created_at:%Y-%m-%d %H:%M:%S} error E{rng.randint(100, 499)} retry {n}" for n in range(12)]
        content = "\n".join(lines).encode()
    attach_file(
        actor=author, kind="message", object_id=message_id, name=name, file=ContentFile(content, name=name),
        visibility="public",
    )  # fmt: skip
    if draft.type.key == "return":
        damaged = {**draft.answers, "return_reason": "damaged", "damage_photo": [name]}
        Ticket.objects.filter(pk=draft.id).update(custom=damaged)


def _picture(rng: random.Random) -> bytes:
    """A small drawing that looks like a label gone wrong."""
    image = Image.new("RGB", (480, 320), (238, 240, 242))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 40, 420, 280), fill="white", outline=(120, 128, 136), width=3)
    left = 90
    while left < 380:
        width = rng.randint(2, 9)
        draw.rectangle((left, 70, left + width, rng.choice((190, 190, 120))), fill=(28, 30, 34))
        left += width + rng.randint(3, 9)
    draw.rectangle((90, 210, 90 + rng.randint(90, 280), 226), fill=(90, 98, 106))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
