"""Who holds a lead: claiming from a pool, giving, returning, and the return that comes by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import DateTimeField, Exists, F, OuterRef, Value
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import kind_of, record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from customers.actions.recognition import lock_words

from ..choices.leads import LeadStatus, SpanEnd, SpanStart
from ..exceptions.leads import ClaimedAlready, ClaimFirst, LeadIsOver, NotHeld, NotInPool
from ..models import Lead, OwnerSpan, Pool
from ..pooling import spans
from ..pooling.claiming import check_claim, may_claim
from ..pooling.spans import REASON_LENGTH, announce, days_until
from ..querysets.returning import Later


@action(permission="leads.claim")
def claim_lead(*, actor: Actor, lead: Lead) -> Lead:
    """Makes the actor the owner of a lead that lies in a pool of theirs. Claiming one's own again changes nothing.

    Of two who claim at once one wins, and `ClaimedAlready` tells the other by whom. Raises `DailyLimitReached`,
    `PoolIsFull`, `TooSoon` by the pool's rules, `NotInPool`, `LeadIsOver`, `NotFound` outside one's pools.
    """
    user = User.objects.filter(pk=actor.user_id).first()
    if user is None:
        raise NotFound
    lock_words(f"lead-claims:{user.pk}")
    row = Lead.objects.lock().filter(pk=lead.pk).first()
    if row is None or (row.pool_id is not None and not may_claim(actor, row.pool_id)):
        raise NotFound
    if row.owner_id == user.pk:
        return row
    if row.owner is not None:
        raise ClaimedAlready(_("%(name)s claimed it a moment ago.") % {"name": row.owner.name})
    if row.pool is None:
        raise NotInPool
    if not row.is_open:
        raise LeadIsOver
    check_claim(user, row, row.pool, _held(user, row.pool))
    give(actor, row, user, SpanStart.CLAIMED, pool=row.pool)
    record(
        actor=actor, type="leads.claimed", subject=row,
        data={"number": row.number, "name": row.name, "pool": dict(row.pool.name)},
    )  # fmt: skip
    return row


@action(permission="leads.assign", leaves_scope=True)
def assign_lead(*, actor: Actor, lead: Lead, owner: User, reason: str = "") -> Lead:
    """Gives a lead to a colleague, whatever the limits of its pool. Raises `LeadIsOver`, `Invalid`, `NotFound`."""
    row = locked_lead(actor, lead)
    if not row.is_open:
        raise LeadIsOver
    if not owner.is_active:
        raise Invalid(fields={"owner": _("Choose somebody who still works here")})
    if row.owner_id == owner.pk:
        return row
    before = row.owner.name if row.owner else ""
    end_span(row, SpanEnd.REASSIGNED, reason)
    give(actor, row, owner, SpanStart.ASSIGNED, pool=row.pool)
    record(
        actor=actor, type="leads.assigned", subject=row,
        data={"number": row.number, "name": row.name, "to": owner.name, "to_id": owner.pk, "from": before,
              "text": clean_line(reason, REASON_LENGTH)},
    )  # fmt: skip
    return row


@action(permission="leads.claim", leaves_scope=True)
def release_lead(*, actor: Actor, lead: Lead, reason: str, pool: Pool | None = None) -> Lead:
    """Returns a held lead to its pool, or to `pool` where it has none. Raises `Invalid`, `NotHeld`, `LeadIsOver`."""
    row = locked_lead(actor, lead)
    why = clean_line(reason, REASON_LENGTH)
    if not why:
        raise Invalid(fields={"reason": _("Say why you return it, so that the next person knows")})
    if not row.is_open:
        raise LeadIsOver
    if row.owner_id is None:
        raise NotHeld
    target = pool or row.pool
    if target is None or not target.is_active:
        raise Invalid(fields={"pool": _("Choose a pool")})
    _return(actor, row, target, SpanEnd.RELEASED, why, "leads.released")
    return row


def return_due(limit: int = 200) -> int:
    """Warns of returns that come near, and makes those that are due. Each warning once a due moment."""
    return _warn_due(limit) + _return_due(limit)


@action()
def return_lead(*, actor: Actor, lead_id: int) -> bool:
    """Takes a lead back into its pool when it is due now, by its rules. False when it is not due any more."""
    row = Lead.objects.lock().filter(pk=lead_id).first()
    if row is None or row.returns_at is None or row.returns_at > clock.now() or not row.is_open:
        return False
    if row.owner is None or row.pool is None or not row.pool.is_active:
        return False
    why = _("Nobody followed up or converted it in time")
    _return(actor, row, row.pool, SpanEnd.RETURNED, why, "leads.returned")
    return True


def give(actor: Actor, lead: Lead, user: User, start: SpanStart, *, pool: Pool | None) -> None:
    """Makes somebody the holder of a locked lead nobody holds, and opens their span."""
    give_many(actor, [lead], user, start, pool=pool)


def give_many(actor: Actor, leads: Sequence[Lead], user: User, start: SpanStart, *, pool: Pool | None) -> None:
    """The same for many."""
    now = clock.now()
    for lead in leads:
        lead.owner, lead.pool = user, pool
        lead.department_id = user.department_id
        lead.assigned_at = lead.updated_at = now
        lead.claimed_at = now if start == SpanStart.CLAIMED else None
    columns = ["owner", "pool", "department", "assigned_at", "claimed_at", "updated_at"]
    Lead.objects.bulk_update(leads, columns)
    code = kind_of(Lead).code
    OwnerSpan.objects.bulk_create(
        OwnerSpan(kind=code, object_id=lead.pk, user=user, pool=pool, started_at=now, start=start) for lead in leads
    )
    reckon_many(leads)


def put_into_pool(actor: Actor, lead: Lead, pool: Pool) -> None:
    """Lays a locked lead nobody holds into a pool."""
    put_into_pools(actor, [(lead, pool)])


def put_into_pools(actor: Actor, leads: Sequence[tuple[Lead, Pool]]) -> None:
    """The same for many."""
    for lead, pool in leads:
        lead.owner, lead.pool, lead.returns_at, lead.claimed_at = None, pool, None, None
        lead.updated_at = clock.now()
    columns = ["owner", "pool", "returns_at", "claimed_at", "updated_at"]
    Lead.objects.bulk_update([lead for lead, _pool in leads], columns)


def workable(actor: Actor, lead: Lead) -> Lead:
    """The lead, locked, to be worked on: open, and held unless the actor sets up pools.

    Raises `LeadIsOver`, `ClaimFirst`, `NotFound`.
    """
    row = locked_lead(actor, lead)
    if not row.is_open:
        raise LeadIsOver
    if row.owner_id is None and not actor.can("leads.manage"):
        raise ClaimFirst
    return row


def reckon(lead: Lead) -> None:
    """Writes anew when a locked lead goes back to its pool."""
    reckon_many([lead])


def reckon_many(leads: Sequence[Lead]) -> None:
    """The same for many."""
    rows = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    rows.reckon()
    due = dict(rows.values_list("pk", "returns_at"))
    for lead in leads:
        lead.returns_at = due.get(lead.pk)


def end_span(lead: Lead, end: SpanEnd, reason: str = "") -> None:
    """Closes the running span of a locked lead, if any."""
    spans.end_span(lead, end, reason)


def locked_lead(actor: Actor, lead: Lead) -> Lead:
    """The lead, fresh and locked, out of the actor's set. Raises `NotFound`.

    Nothing is joined to a locking read: whoever waited for the lock would get the joined rows of before.
    """
    row: Lead | None = Lead.objects.visible_to(actor).lock().filter(pk=lead.pk).first()
    if row is None:
        raise NotFound
    return row


def _held(user: User, pool: Pool) -> int:
    held = Lead.objects.open().filter(owner=user, pool=pool)
    return (held.exclude(status=LeadStatus.QUALIFIED) if pool.qualified_free else held).count()


def _return(actor: Actor, lead: Lead, pool: Pool, end: SpanEnd, reason: str, type: str) -> None:
    holder = lead.owner
    end_span(lead, end, reason)
    put_into_pool(actor, lead, pool)
    record(
        actor=actor, type=type, subject=lead,
        data={"number": lead.number, "name": lead.name, "pool": dict(pool.name), "text": reason,
              "from": holder.name if holder else "", "from_id": holder.pk if holder else None},
    )  # fmt: skip


def _warn_due(limit: int) -> int:
    now = clock.now()
    said = OwnerSpan.objects.running().filter(
        kind=kind_of(Lead).code, object_id=OuterRef("pk"), warned_for=OuterRef("returns_at")
    )
    near = Lead.objects.open().filter(
        ~Exists(said), owner__isnull=False, returns_at__gt=now, pool__is_active=True, pool__warn_days__gt=0,
        returns_at__lte=Later(Value(now, output_field=DateTimeField()), F("pool__warn_days")),
    )  # fmt: skip
    ids = list(near.order_by("returns_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(warn_of_return(actor=Actor.system(), lead_id=pk) for pk in ids)


@action()
def warn_of_return(*, actor: Actor, lead_id: int) -> bool:
    """Tells the holder once that the lead goes back at its present due moment. False when that was said already."""
    lead = Lead.objects.lock().filter(pk=lead_id).first()
    if lead is None or lead.returns_at is None or lead.owner is None or lead.pool is None:
        return False
    if not announce(lead, lead.returns_at):
        return False
    days = days_until(lead.returns_at)
    record(
        actor=actor, type="leads.return_near", subject=lead,
        data={"number": lead.number, "name": lead.name, "pool": dict(lead.pool.name), "days": days},
    )  # fmt: skip
    return True


def _return_due(limit: int) -> int:
    due = Lead.objects.open().filter(returns_at__lte=clock.now(), owner__isnull=False, pool__is_active=True)
    ids = list(due.order_by("returns_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(return_lead(actor=Actor.system(), lead_id=pk) for pk in ids)
