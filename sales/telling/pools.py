"""Who is told of a customer's pool, and what follows from deeds elsewhere."""

from __future__ import annotations

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.notifications.actions import notify
from customers.models import Customer

from ..actions.customer_pools import follow_owner
from ..models import PooledCustomer


def tell_owner(activity: Activity) -> None:
    """Whoever owns the customer now, or owned it until it went back."""
    customer = Customer.objects.select_related("owner").filter(pk=activity.object_id).first()
    before = User.objects.active().filter(pk=activity.data.get("from_id") or 0).first()
    user = before or (customer.owner if customer else None)
    if customer is None or user is None:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key, users=[user], subject=customer,
        data={name: activity.data[name] for name in ("number", "name", "days", "text") if name in activity.data},
        activity_id=activity.pk,
    )  # fmt: skip


def owner_changed(activity: Activity) -> None:
    """An owner that was set by editing or hand-over ends one stay and begins another."""
    if "owner" in activity.data.get("changes", {}):
        follow_owner(actor=Actor.system(), customer_id=activity.object_id)


def kept_alive(activity: Activity) -> None:
    """A talk, an order or an opportunity puts a return off: the page shows it at once."""
    rows = PooledCustomer.objects.held()
    if activity.kind_key == "customer":
        rows = rows.filter(customer=activity.object_id)
    elif activity.kind_key == "opportunity":
        rows = rows.filter(customer__opportunities=activity.object_id)
    else:
        rows = rows.filter(customer__orders=activity.object_id)
    rows.reckon()
