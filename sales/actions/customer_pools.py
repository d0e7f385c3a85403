"""Customers in pools: putting them there, claiming them, and the return that comes by itself."""

from __future__ import annotations

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import kind_of, record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from customers.actions import give_customer
from customers.actions.recognition import lock_words
from customers.models import Customer

from ..choices.leads import PoolHolds, SpanEnd, SpanStart
from ..exceptions.leads import ClaimedAlready
from ..models import OwnerSpan, Pool, PooledCustomer
from ..pooling.claiming import check_claim, may_claim
from ..pooling.spans import REASON_LENGTH, announce, days_until, end_span, open_span
from ..querysets.returning import Later

#: Customers that one look of the sweep brings under the rules of a pool.
AT_ONCE = 500


@action(permission="leads.claim", leaves_scope=True)
def pool_customer(*, actor: Actor, customer: Customer, pool: Pool | None = None, reason: str) -> PooledCustomer:
    """Takes a customer from its owner and lays it into a pool: the one it is of, unless `pool` names another.

    Only the owner does so, and who gives leads to colleagues. Raises `Invalid`, `NotFound`.
    """
    row = Customer.objects.visible_to(actor).lock().filter(pk=customer.pk).first()
    if row is None or not may_pool(actor, row):
        raise NotFound
    why = clean_line(reason, REASON_LENGTH)
    if not why:
        raise Invalid(fields={"reason": _("Say why you return it, so that the next person knows")})
    stay = PooledCustomer.objects.filter(customer=row).first()
    target = pool or (stay.pool if stay else None)
    if target is None or not target.is_active or target.holds != PoolHolds.CUSTOMERS:
        raise Invalid(fields={"pool": _("Choose a pool")})
    return _lay(actor, row, target, SpanEnd.RELEASED, why, "pools.released")


def may_pool(actor: Actor, customer: Customer) -> bool:
    """Whether the actor may take this customer from its owner."""
    return actor.can("leads.claim") and (
        customer.owner_id is None or customer.owner_id == actor.user_id or actor.can("leads.assign")
    )


@action(permission="leads.claim")
def claim_customer(*, actor: Actor, stay: PooledCustomer) -> PooledCustomer:
    """Makes the actor the owner of a customer that lies in a pool of theirs. Claiming one's own changes nothing.

    Of two who claim at once one wins, and `ClaimedAlready` tells the other by whom. Raises `DailyLimitReached`,
    `PoolIsFull`, `TooSoon` by the pool's rules, `NotFound` outside one's pools.
    """
    user = User.objects.filter(pk=actor.user_id).first()
    if user is None:
        raise NotFound
    lock_words(f"customer-claims:{user.pk}")
    row = PooledCustomer.objects.lock().filter(pk=stay.pk).first()
    customer = Customer.objects.lock().filter(pk=row.customer_id).first() if row else None
    if row is None or customer is None or not may_claim(actor, row.pool_id):
        raise NotFound
    if customer.owner_id == user.pk:
        return row
    if customer.owner is not None:
        raise ClaimedAlready(_("%(name)s claimed it a moment ago.") % {"name": customer.owner.name})
    held = PooledCustomer.objects.held().filter(pool=row.pool, customer__owner=user).count()
    check_claim(user, customer, row.pool, held)
    give_customer(actor=actor, customer=customer, owner=user)
    _take(row, customer, user, SpanStart.CLAIMED)
    record(
        actor=actor, type="pools.claimed", subject=customer,
        data={"number": customer.number, "name": customer.name, "pool": dict(row.pool.name)},
    )  # fmt: skip
    return row


@action()
def follow_owner(*, actor: Actor, customer_id: int) -> None:
    """Brings the stay into line with an owner that was set elsewhere: by editing, by hand-over. Safe to run twice."""
    row = PooledCustomer.objects.lock().filter(customer=customer_id).first()
    customer = Customer.objects.filter(pk=customer_id).first()
    if row is None or customer is None:
        return
    running = OwnerSpan.objects.running().filter(kind=kind_of(customer).code, object_id=customer.pk).first()
    if (running.user_id if running else None) == customer.owner_id:
        return
    end_span(customer, SpanEnd.REASSIGNED)
    if customer.owner is not None:
        _take(row, customer, customer.owner, SpanStart.ASSIGNED)
    else:
        row.put_at, row.taken_at, row.returns_at = clock.now(), None, None
        row.save(update_fields=["put_at", "taken_at", "returns_at"])


def follow_pools(limit: int = 200) -> int:
    """Brings what members own under the rules, warns of returns that come near, and makes those that are due."""
    done = sum(cover_owned(actor=Actor.system(), pool_id=pool.pk) for pool in Pool.objects.for_customers())
    near = PooledCustomer.objects.held().filter(
        returns_at__lte=Later(Value(clock.now(), output_field=DateTimeField()), F("pool__warn_days"))
    )
    near.reckon()  # a talk, an order or an opportunity since may have put it off
    said = OwnerSpan.objects.running().filter(
        kind=kind_of(Customer).code, object_id=OuterRef("customer_id"), warned_for=OuterRef("returns_at")
    )
    now = clock.now()
    tell = near.filter(~Exists(said), returns_at__gt=now, pool__is_active=True, pool__warn_days__gt=0)
    for pk in list(tell.order_by("returns_at", "pk").values_list("pk", flat=True)[:limit]):
        done += warn_of_customer_return(actor=Actor.system(), stay_id=pk)
    due = PooledCustomer.objects.held().filter(returns_at__lte=now)
    for pk in list(due.order_by("returns_at", "pk").values_list("pk", flat=True)[:limit]):
        done += return_customer(actor=Actor.system(), stay_id=pk)
    return done


@action()
def cover_owned(*, actor: Actor, pool_id: int) -> int:
    """Brings customers that the pool's people own, and that no pool has, under its rules from now on."""
    pool = Pool.objects.filter(pk=pool_id, covers_owned=True).first()
    if pool is None:
        return 0
    people = User.objects.active().filter(Q(pools=pool) | Q(teams__in=pool.teams.all())).values("pk")
    free = Customer.objects.external().filter(owner__in=people, pooling__isnull=True).select_related("owner")
    rows, now = list(free.order_by("pk")[:AT_ONCE]), clock.now()
    made = [PooledCustomer(customer=row, pool=pool, put_at=now, taken_at=now) for row in rows]
    PooledCustomer.objects.bulk_create(made, ignore_conflicts=True)
    for row in rows:
        if row.owner is not None and not _is_held(row):
            open_span(row, row.owner, SpanStart.COVERED, pool, now)
    PooledCustomer.objects.filter(customer__in=rows).reckon()
    return len(rows)


@action()
def warn_of_customer_return(*, actor: Actor, stay_id: int) -> bool:
    """Tells the owner once that the customer goes back at its present due moment. False when that was said already."""
    row = PooledCustomer.objects.lock().filter(pk=stay_id).first()
    if row is None or row.returns_at is None or not announce(row.customer, row.returns_at):
        return False
    customer, days = row.customer, days_until(row.returns_at)
    record(
        actor=actor, type="pools.return_near", subject=customer,
        data={"number": customer.number, "name": customer.name, "pool": dict(row.pool.name), "days": days},
    )  # fmt: skip
    return True


@action()
def return_customer(*, actor: Actor, stay_id: int) -> bool:
    """Takes a customer back into its pool when it is due now, by what happened until now. False when it is not."""
    row = PooledCustomer.objects.lock().filter(pk=stay_id).first()
    if row is None or row.returns_at is None or row.returns_at > clock.now():
        return False
    customer = Customer.objects.lock().filter(pk=row.customer_id, owner__isnull=False).first()
    if customer is None or not row.pool.is_active:
        return False
    why = _("Nobody talked with them or sold to them in time")
    _lay(actor, customer, row.pool, SpanEnd.RETURNED, why, "pools.returned")
    return True


def _take(row: PooledCustomer, customer: Customer, user: User, start: SpanStart) -> None:
    open_span(customer, user, start, row.pool)
    row.taken_at = clock.now()
    row.save(update_fields=["taken_at"])
    PooledCustomer.objects.filter(pk=row.pk).reckon()


def _is_held(customer: Customer) -> bool:
    return OwnerSpan.objects.running().filter(kind=kind_of(customer).code, object_id=customer.pk).exists()


def _lay(actor: Actor, customer: Customer, pool: Pool, end: SpanEnd, why: str, type: str) -> PooledCustomer:
    holder = customer.owner
    if holder is not None and not _is_held(customer):
        open_span(customer, holder, SpanStart.ASSIGNED, pool, customer.created_at)
    end_span(customer, end, why)
    give_customer(actor=actor, customer=customer, owner=None)
    values = {"pool": pool, "put_at": clock.now(), "taken_at": None, "returns_at": None}
    stay, _made = PooledCustomer.objects.update_or_create(customer=customer, defaults=values)
    record(
        actor=actor, type=type, subject=customer,
        data={"number": customer.number, "name": customer.name, "pool": dict(pool.name), "text": why,
              "from": holder.name if holder else "", "from_id": holder.pk if holder else None},
    )  # fmt: skip
    return stay
