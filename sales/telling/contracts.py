"""Who hears of contracts and of the money on them. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.notifications.actions import notify

from ..models import Contract, Payment


def tell_owner(activity: Activity) -> None:
    """The contract's owner."""
    if activity.kind_key == "payment":
        payment = Payment.objects.select_related("contract__owner").filter(pk=activity.object_id).first()
        contract = payment.contract if payment else None
    else:
        contract = Contract.objects.select_related("owner").filter(pk=activity.object_id).first()
    if contract is None or contract.owner is None:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key,
        users=[contract.owner],
        subject=contract,
        data=activity.data,
        url=reverse("contracts:contract_detail", args=[contract.pk]),
        activity_id=activity.pk,
    )
