"""Decisions in words: why this person, why due then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.calendars.explain import explain_clock
from crm.calendars.models import Clock
from crm.calendars.words import moment_text
from crm.core.sockets import clock_kinds

from .actions.deadlines import clocks_of
from .choices import Seniority
from .models import AssignmentDecision, SlaPolicy, Ticket


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate as the decision saw them."""

    name: str
    load: str
    seniority: Any
    has_skill: bool
    verdict: str
    chosen: bool


def _verdict(key: str) -> str:
    return {
        "not_taking": _("Does not take part in automatic assignment"),
        "away": _("Away"),
        "off_shift": _("Not on shift"),
        "absent": _("Out of office"),
        "full": _("At capacity"),
        "": _("Free"),
    }.get(key, key)


def assignment_steps(decision: AssignmentDecision) -> list[Considered]:
    """Everybody who was considered, the chosen one first."""
    chosen = (decision.reasons.get("chosen") or {}).get("user_id")
    rows = [
        Considered(
            name=entry["name"],
            load=f"{entry['open']} / {entry['capacity']}",
            seniority=Seniority(entry["seniority"]).label,
            has_skill=entry["has_skill"],
            verdict=_verdict(entry["excluded"]),
            chosen=entry["user_id"] == chosen,
        )
        for entry in decision.reasons.get("considered", [])
    ]
    return sorted(rows, key=lambda row: not row.chosen)


def rule_text(decision: AssignmentDecision) -> str:
    """Why the ticket left its former holder; "" for an ordinary assignment."""
    reasons = decision.reasons
    if reasons.get("rule") == "shift_ended":
        return _("The shift of %(name)s had ended, and the ticket was due before their next one.") % {
            "name": reasons["absent"]
        }
    if reasons.get("rule") == "absence":
        until = moment_text(dt.datetime.fromisoformat(reasons["until"]))
        text = (
            _("%(name)s is out of office until %(until)s; %(holder)s stands in.")
            if reasons.get("holder")
            else _("%(name)s is out of office until %(until)s, and nobody stands in: the team's queue decides.")
        )
        return text % {"name": reasons["absent"], "until": until, "holder": reasons.get("holder", "")}
    return ""


def deadline_steps(ticket: Ticket) -> list[dict[str, Any]]:
    """Each clock of the cycle with the steps that lead to its due moment."""
    clocks = clocks_of(ticket)
    names = {
        policy.pk: policy.name for policy in SlaPolicy.objects.filter(pk__in=[clock.policy_id for clock in clocks])
    }
    return [
        {"label": clock_kinds.by_code(clock.kind).label, "clock": clock, "steps": _steps(ticket, clock, names)}
        for clock in clocks
    ]


def _steps(ticket: Ticket, clock: Clock, names: dict[int, Any]) -> list[dict[str, Any]]:
    """The clock's own steps, with what promised it named in the reader's language while it exists."""
    steps = explain_clock(clock)
    for step in steps:
        if step["key"] != "policy":
            continue
        if step["policy_id"] is None:
            step["text"] = _("Own time of the request type %(type)s, version %(version)s") % {
                "type": _type_name(ticket, clock.policy_label), "version": step["version"],
            }  # fmt: skip
        elif step["policy_id"] in names:
            step["text"] = _("Policy: %(policy)s") % {"policy": names[step["policy_id"]]}
    return steps


def _type_name(ticket: Ticket, label: str) -> str:
    """The type as the reader names it, or as it was named when the clock started and since renamed."""
    name = ticket.request_type.name
    return str(name) if label in name.values() else label
