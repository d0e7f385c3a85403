"""A lead's score as people read it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.core.translated import Translated

from .choices.leads import ScoreGroup
from .models import Lead


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that gave points. times: how many events."""

    name: str
    points: float
    times: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group of reasons, what they count, and the most they may."""

    label: str
    points: int
    cap: int
    reasons: list[Reason]


def breakdown(lead: Lead) -> list[Group]:
    """The stored reasons by group, in the reader's language."""
    found = []
    for group in lead.score_reasons.get("groups", []):
        reasons = [Reason(str(Translated(row["name"])), row["points"], row.get("times", 1)) for row in group["reasons"]]
        found.append(Group(str(ScoreGroup(group["group"]).label), group["points"], group["cap"], reasons))
    return found
