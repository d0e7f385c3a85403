"""What happens to a demo ticket and when: from the first look to the closing, in the agents' working hours."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from .life import Life
from .office import Office
from .scenarios import Telling, letter, phrases

Step = tuple[dt.datetime, Callable[[], None]]


_SCORES = ((5, 4, 3, 2, 1), (58, 26, 8, 4, 4))
_RATED, _REOPENED, _HANDED_OVER, _VERIFIED = 0.35, 0.04, 0.03, 0.85
#: (impact, urgency, priority) an agent may set at first sight, and how often.
_SIGHTS = ((1, 1, 1), (1, 2, 2), (2, 2, 3), (2, 3, 4))
_SIGHT_SHARES = (22, 48, 21, 9)
#: How an unhurried ticket ends up: waiting for the customer, for others, on hold, or still with us.
_STANDSTILLS = ("waiting_customer", "waiting_third_party", "on_hold", "in_progress")
_STANDSTILL_SHARES = (45, 17, 8, 30)


class Story:
    """Plays a life until the demo's present."""

    def __init__(self, life: Life, telling: Telling, office: Office, close_after: dt.timedelta):
        self.life, self.telling, self.office, self.rng = life, telling, office, life.rng
        self.close_after = close_after
        self.now = life.world.now

    def play(self, assigned_at: dt.datetime, slow: str = "") -> None:
        """Goes on from the assignment. slow: "" for a usual ticket, "stuck" or "slow" for one that stays open."""
        steps = self._slow(assigned_at, stuck=slow == "stuck") if slow else self._usual(assigned_at)
        latest = assigned_at
        for at, step in steps:
            if at > self.now:
                break
            assert at >= latest, "a story goes forward"
            latest = at
            step()

    def _usual(self, at: dt.datetime) -> Iterator[Step]:
        life, rng = self.life, self.rng
        at = yield from self._opening(at)
        lines = self._lines()
        work = self._work_seconds("resolution", 0.2, 0.8) / (len(lines) + 1)
        for mark, text in lines:
            if mark == "C":
                at = self._by_customer(at)
                yield at, lambda at=at, text=text: life.customer_reply(at, text)
                continue
            first = mark in "AW" and life.row.first_response_at is None
            at = self._by_agent(at, self._first_delay(at) if first else work * rng.uniform(0.4, 1.6))
            if mark in "AW":
                yield at, lambda at=at, text=text, mark=mark: self._answer(at, text, "waiting_customer" * (mark == "W"))
            else:
                yield at, lambda at=at, text=text: life.note(at, text)
            if mark in "TH":
                yield at, lambda at=at, mark=mark: life.move(at, "waiting_third_party" if mark == "T" else "on_hold")
                at = self._by_agent(at, rng.uniform(1.5, 14) * 3600)
                yield at, lambda at=at: life.move(at, "in_progress")
        at = self._by_agent(at, work * rng.uniform(0.4, 1.6) if life.row.first_response_at else self._first_delay(at))
        yield at, lambda: life.resolve(at, self.telling.cause, self.telling.solution)
        yield from self._afterwards(at)

    def _opening(self, at: dt.datetime) -> Iterator[Step]:
        """Verification, acceptance and a first look at the priority. Returns when the agent has looked."""
        life, rng = self.life, self.rng
        delay = self._first_delay(at)
        accepted = self._by_agent(at, delay * rng.uniform(0.1, 0.6))
        verified = life.draft.created_at + dt.timedelta(seconds=rng.randint(60, 2400))
        verifies = life.draft.author is None and rng.random() < _VERIFIED
        if verifies and at < verified < accepted:
            yield verified, lambda: life.verify(verified)
            verifies = False
        yield accepted, lambda: life.accept(accepted)
        looked = accepted + dt.timedelta(seconds=rng.randint(15, 160))
        if rng.random() < 0.7:
            sight = rng.choices(_SIGHTS, _SIGHT_SHARES)[0]
            yield looked, lambda: life.prioritise(looked, *sight)
        if verifies and verified > looked:
            looked = verified
            yield verified, lambda: life.verify(verified)
        if rng.random() < _HANDED_OVER:
            looked += dt.timedelta(seconds=rng.randint(30, 240))
            yield looked, lambda: self._hand_over(looked)
        return looked

    def _slow(self, at: dt.datetime, stuck: bool) -> Iterator[Step]:
        """Stays open: stuck ones with the agent, others mostly waiting. Some come out near their deadline."""
        life, rng = self.life, self.rng
        delay = self._first_delay(at)
        accepted = self._by_agent(at, delay * rng.uniform(0.1, 0.6))
        yield accepted, lambda: life.accept(accepted)
        looked = accepted + dt.timedelta(seconds=rng.randint(15, 160))
        standstill = "in_progress" if stuck else rng.choices(_STANDSTILLS, _STANDSTILL_SHARES)[0]
        near = [sight for sight in _SIGHTS if 0.8 <= life.used(sight[2]) < 1]
        fine = [sight for sight in _SIGHTS if life.used(sight[2]) < 0.8]
        if standstill == "in_progress" and not stuck and not near + fine and rng.random() < 0.75:
            standstill = "waiting_customer"
        if standstill == "in_progress" and near + fine:
            sight = rng.choice(near or fine)
            yield looked, lambda: life.prioritise(looked, *sight)
        answered = self._by_agent(looked, delay * rng.uniform(0.3, 1))
        text = next((text for mark, text in self.telling.talk if mark in "AW"), "")
        if standstill == "waiting_customer":
            yield answered, lambda: self._answer(answered, text, standstill)
        else:
            yield answered, lambda: self._answer(answered, text)
            later = self._by_agent(answered, rng.uniform(0.2, 2) * 3600)
            yield later, lambda: life.move(later, standstill)

    def _afterwards(self, at: dt.datetime) -> Iterator[Step]:
        """A rating, perhaps a reopening, in the end the closing."""
        life, rng = self.life, self.rng
        closed = at + self.close_after + dt.timedelta(seconds=rng.randint(5, 60))
        rated = at + dt.timedelta(seconds=60 + int(min(240_000.0, rng.lognormvariate(math.log(9000), 1.2))))
        reopened = at + dt.timedelta(seconds=rng.randint(3 * 3600, 60 * 3600)) if rng.random() < _REOPENED else None
        if rng.random() < _RATED and (reopened is None or rated < reopened):
            score = rng.choices(*_SCORES)[0]
            words = phrases()[self.telling.language][str(score)]
            comment = rng.choice(words) if rng.random() < 0.6 else ""
            yield rated, lambda: life.rate(rated, score, comment)
        if reopened is None:
            yield closed, lambda: life.close(closed)
            return
        language = self.telling.language
        yield reopened, lambda: life.customer_reply(reopened, rng.choice(phrases()["reopen"][language]))
        answered = self._by_agent(reopened, self._first_delay(reopened))
        yield answered, lambda: self._answer(answered, rng.choice(phrases()["again"][language]))
        solved = self._by_agent(answered, self._work_seconds("resolution", 0.2, 0.7))
        yield solved, lambda: life.resolve(solved, self.telling.cause, self.telling.solution)
        ended = solved + self.close_after + dt.timedelta(seconds=rng.randint(5, 60))
        yield ended, lambda: life.close(ended)

    def _lines(self) -> list[tuple[str, str]]:
        """The talk after the opening: none of it, the first exchange, or all."""
        lines = list(self.telling.talk[1:])
        chance = self.rng.random()
        if chance < 0.22:
            return []
        if chance < 0.6:
            first = next((n for n, (mark, _text) in enumerate(lines) if mark in "AW"), 0)
            asked = lines[first][0] == "W"
            return lines[first : first + (2 if asked else 1)]
        return lines

    def _answer(self, at: dt.datetime, text: str, then: str = "") -> None:
        self.life.reply(at, self._letter(text), then)

    def _letter(self, text: str) -> str:
        life = self.life
        agent = life.agent.user.name if life.agent else ""
        return letter(self.telling.language, life.draft.who.name, agent, text)

    def _hand_over(self, at: dt.datetime) -> None:
        life = self.life
        free = [
            candidate
            for candidate in self.office.consider(life.row.team_id, life.draft.type.skill_id, at)
            if not candidate.excluded and candidate.user_id != life.row.assignee_id
        ]
        if free:
            life.hand_over(at, self.office.agents[self.rng.choice(free).user_id])

    def _by_agent(self, at: dt.datetime, seconds: float) -> dt.datetime:
        """When the assignee has worked so long after `at`."""
        agent = self.life.agent
        assert agent is not None
        done = agent.hours.add(at, max(20, int(seconds)))
        return done + dt.timedelta(seconds=self.rng.randint(1, 9))

    def _by_customer(self, at: dt.datetime) -> dt.datetime:
        """Some hours later, but not in the customer's night."""
        later = at + dt.timedelta(seconds=60 + int(self.rng.lognormvariate(math.log(2.2 * 3600), 1.0)))
        local = later.astimezone(_zone(self.life.draft.who.timezone))
        if local.hour < 7:
            return later + dt.timedelta(hours=7 - local.hour, seconds=self.rng.randint(0, 3600))
        if local.hour >= 23:
            return later + dt.timedelta(hours=8, seconds=self.rng.randint(0, 3600))
        return later

    def _first_delay(self, at: dt.datetime) -> float:
        """Working seconds until the first answer; most agents answer what they have before they go home."""
        delay = self._work_seconds("first_response", 0.15, 0.8)
        agent = self.life.agent
        leaves = agent.hours.next_closing(at) if agent else None
        if leaves is not None and agent is not None and agent.hours.is_open(at) and self.rng.random() < 0.93:
            delay = min(delay, (leaves - at).total_seconds() * self.rng.uniform(0.2, 0.6))
        return delay

    def _work_seconds(self, measure: str, median: float, spread: float) -> float:
        """A time drawn around that share of the promised one, in seconds."""
        own = self.life.draft.type.target_minutes(measure)
        minutes = own or self.life.policy.target_minutes(self.life.row.priority, measure) or 240
        return minutes * 60 * self.rng.lognormvariate(math.log(median), spread)


_zones: dict[str, ZoneInfo] = {}


def _zone(name: str) -> ZoneInfo:
    if name not in _zones:
        _zones[name] = ZoneInfo(name)
    return _zones[name]
