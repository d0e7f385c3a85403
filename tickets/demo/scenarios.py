"""What demo customers and agents say: scenarios from the text files beside this module, with slots filled."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from customers.demo.customers import Requester

LANGUAGES = ("en", "zh-hans")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Scenario:
    """A conversation. talk: (who, text) pairs; who is C, A, W, N, T or H as the text files explain."""

    cause: str
    subjects: tuple[str, ...]
    talk: tuple[tuple[str, str], ...]
    solution: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A scenario told by one customer: every slot is filled. slots: with what."""

    language: str
    cause: str
    subject: str
    talk: tuple[tuple[str, str], ...]
    solution: str
    slots: Mapping[str, str] = field(default_factory=dict)


@cache
def scenarios(language: str) -> dict[str, list[Scenario]]:
    """Scenarios of a language by request type key."""
    found: dict[str, list[Scenario]] = defaultdict(list)
    for path in sorted((_HERE / language).glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["scenario"]:
            talk = tuple((line[0], line[2:]) for line in entry["talk"])
            found[entry["type"]].append(Scenario(entry["cause"], tuple(entry["subject"]), talk, entry["solution"]))
    return dict(found)


@cache
def phrases() -> dict[str, Any]:
    """Letters, words with ratings, and what slots are filled with."""
    return tomllib.loads((_HERE / "phrases.toml").read_text(encoding="utf-8"))


def tell(rng: random.Random, type_key: str, who: Requester, at: dt.datetime) -> Telling:
    """A scenario of that type as this person tells it."""
    scenario = rng.choice(scenarios(who.language)[type_key])
    slots = _slots(rng, who, at)
    return Telling(
        who.language,
        scenario.cause,
        _sentence(rng.choice(scenario.subjects).format_map(slots)),
        tuple((mark, _sentence(text.format_map(slots))) for mark, text in scenario.talk),
        _sentence(scenario.solution.format_map(slots)),
        slots,
    )


def letter(language: str, name: str, agent: str, text: str) -> str:
    """An agent's words as a letter."""
    return str(phrases()["letter"][language]).format(name=name, agent=agent, text=text)


def _sentence(text: str) -> str:
    """A product may stand at the beginning."""
    return text[:1].upper() + text[1:]


def _slots(rng: random.Random, who: Requester, at: dt.datetime) -> dict[str, str]:
    words, language = phrases()["slots"], who.language
    chinese = language == "zh-hans"
    amount = rng.randint(8, 900) * 10
    return {
        "product": rng.choice(words[f"products_{language}"]),
        "serial": f"YF{rng.randint(21, 26)}{rng.randint(10_000, 99_999)}",
        "order": f"SO-{at.year}-{rng.randint(1000, 99_999):05}",
        "invoice": f"INV-{at.year}-{rng.randint(100, 9999):05}",
        "parcel": f"YT{rng.randint(10**9, 10**10 - 1)}",
        "city": who.city,
        "company": who.company or ("我" if chinese else "my household"),
        "count": str(rng.randint(3, 48)),
        "amount": f"{amount:,} 元" if chinese else f"£{amount:,}",
        "version": f"{rng.randint(3, 5)}.{rng.randint(0, 9)}",
        "room": f"{rng.randint(3, 28)}{rng.randint(1, 24):02}",
        "lift": f"LIFT-{rng.randint(1, 8)}",
        "day": rng.choice(words[f"days_{language}"]),
        "month": words[f"months_{language}"][at.month - 1],
    }
