"""Is this customer here already? The one look past a viewer's data scope (design law 4), limited and audited.

A hit outside the scope says that it exists and who owns it, never more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import limits, names
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.text import clean_line

from ..choices import IdentityKind
from ..models import Customer, Identity
from .identities import normal_email, normal_phone
from .registration import normal_registration_code

#: What a company's legal form or habit adds to a name that is otherwise the same.
_NOISE = (
    *("有限责任公司", "股份有限公司", "有限公司", "公司", "集团"),
    *("ltd", "limited", "inc", "llc", "gmbh", "co", "corp"),
)
#: Legal forms as they are written, for looking many names up at once.
_ENDINGS = (
    *_NOISE, "集团有限公司", "集团股份有限公司", "ltd.", "inc.", "corp.", "co ltd", "co. ltd", "co., ltd", "co., ltd.",
)  # fmt: skip
#: Two names this alike (word similarity, 0 to 1) are shown to a person; only exact ones count as certain.
ALIKE = 0.72
MOST = 5
#: Looks a person may make in an hour.
LIMIT_AN_HOUR = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that may be the same. customer is None outside the viewer's scope; owner is always told."""

    customer: Customer | None
    owner: str
    reason: Any
    certain: bool


def find_duplicates(
    *,
    actor: Actor,
    name: str = "",
    email: str = "",
    phone: str = "",
    registration_code: str = "",
    leave_out: Iterable[int] = (),
) -> list[Hit]:
    """Customers that may be the same, certain ones first, at most `MOST`. Unreadable values are left out.

    Raises `TooMany` beyond `LIMIT_AN_HOUR`, `NotAllowed` without the right to create customers.
    """
    actor.require("customers.create")
    limits.hit("duplicates", f"{actor.kind}:{actor.id}", limit=LIMIT_AN_HOUR, window_seconds=3600)
    found: dict[int, tuple[Any, bool]] = {}
    for wanted, reason in (
        (_by_code(registration_code), _("Same registration code")),
        (_by_address(IdentityKind.EMAIL, email), _("Same email address")),
        (_by_address(IdentityKind.PHONE, phone), _("Same phone number")),
    ):
        if wanted is not None:
            found |= dict.fromkeys(Customer.objects.filter(wanted).values_list("pk", flat=True)[:MOST], (reason, True))
    for pk, exact in _by_name(name):
        found.setdefault(pk, (_("Same name") if exact else _("Similar name"), exact))
    for pk in leave_out:
        found.pop(pk, None)
    return _hits(actor, dict(list(found.items())[:MOST]))


def core_of(name: str) -> str:
    """A company's name without its legal form, folded."""
    folded = names.fold(clean_line(name))
    for noise in _NOISE:
        folded = folded.removesuffix(noise).rstrip(" .,")
    return folded


def exact_names(cores: Iterable[str]) -> dict[str, int]:
    """Core of a name → id of the oldest customer with that very name but for its legal form.

    For files, which ask of thousands: one look by the sort keys that the usual legal forms make, none by likeness.
    """
    endings = ["", *(f" {names.sort_key(ending)}" for ending in _ENDINGS)]
    begun = [names.sort_key(core) for core in cores if len(core) > 1]
    keys = [key + ending for key in begun for ending in endings]
    rows = Customer.objects.filter(sort_key__any_of=keys).order_by("pk").values_list("pk", "name")
    found: dict[str, int] = {}
    for pk, name in rows:
        found.setdefault(core_of(name), pk)
    return found


def _by_code(code: str) -> Q | None:
    try:
        normal = normal_registration_code(code)
    except DomainError:
        return None
    return Q(registration_code=normal) if normal else None


def _by_address(kind: IdentityKind, raw: str) -> Q | None:
    try:
        value = (normal_email if kind == IdentityKind.EMAIL else normal_phone)(raw) if raw.strip() else ""
    except DomainError:
        return None
    if not value:
        return None
    holders = Identity.objects.filter(kind=kind, value=value, contact__deleted_at__isnull=True)
    return Q(pk__in=list(holders.values_list("contact__customer_id", flat=True)[:MOST]))


def _by_name(name: str) -> list[tuple[int, bool]]:
    core = core_of(name)
    if len(core) < 2:
        return []
    rows = Customer.objects.filter(search_key__contains=core)
    if len(core) > 3:
        alike = Customer.objects.filter(search_key__trigram_word_similar=core)
        rows = alike.annotate(alike=TrigramWordSimilarity(core, "search_key")).filter(alike__gte=ALIKE)
        rows = rows.order_by("-alike", "pk")
    return [(row.pk, core_of(row.name) == core) for row in rows.only("name")[: MOST * 2]]


def _hits(actor: Actor, found: dict[int, tuple[Any, bool]]) -> list[Hit]:
    rows = Customer.objects.select_related("owner").in_bulk(list(found))
    visible = set(Customer.objects.visible_to(actor).filter(pk__in=rows).values_list("pk", flat=True))
    hits = []
    for pk, (reason, certain) in found.items():
        if (row := rows.get(pk)) is None:
            continue
        owner = row.owner.name if row.owner else str(_("nobody"))
        hits.append(Hit(row if pk in visible else None, owner, reason, certain))
        if pk not in visible:
            record(actor=actor, type="customers.duplicate_shown", subject=row, data={"owner": owner})
    return sorted(hits, key=lambda hit: not hit.certain)
