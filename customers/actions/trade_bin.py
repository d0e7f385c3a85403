"""Products, orders and devices into the recycle bin, back to work, or gone for good.

Only what no figure counts goes there: an order that was cancelled, a product nothing names, a device
nobody asked about.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, models, transaction

from crm.activity.recording import kind_of, record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.files.models import Attachment
from crm.notifications.models import Notification
from crm.ui.generic.dependents import dependents_of

from ..choices import OrderStatus
from ..exceptions import AskedAbout, CancelFirst, NameTaken, RefundedStays, UsedInDeals
from ..models import Concern, Equipment, Order, Product
from ..selectors import deleted_trade

Trade = Product | Order | Equipment
T = TypeVar("T", Product, Order, Equipment)


@action(permission="orders.catalogue")
def delete_product(*, actor: Actor, row: Product) -> None:
    """Moves a product that nothing names to the recycle bin, switched off. Raises `UsedInDeals`, `NotFound`."""
    row = _living(actor, row)
    if dependents_of(row).blocked:
        raise UsedInDeals
    row.is_active = False
    row.save(update_fields=["is_active"])
    _bin(actor, row)


@action(permission="orders.manage")
def delete_order(*, actor: Actor, row: Order) -> None:
    """Moves a cancelled order to the recycle bin. Raises `CancelFirst`, `RefundedStays`, `AskedAbout`, `NotFound`."""
    row = _living(actor, row)
    if row.status != OrderStatus.CANCELLED:
        raise CancelFirst
    if row.refunds.exists():
        raise RefundedStays
    if Concern.objects.filter(order=row).exists():
        raise AskedAbout
    _bin(actor, row)


@action(permission="orders.manage")
def delete_equipment(*, actor: Actor, row: Equipment) -> None:
    """Moves a device that no request is about to the recycle bin. Raises `AskedAbout`, `NotFound`."""
    row = _living(actor, row)
    if Concern.objects.filter(equipment=row).exists():
        raise AskedAbout
    _bin(actor, row)


@action()
def restore_trade(*, actor: Actor, row: Trade) -> Trade:
    """Brings it back as it was; a product stays switched off. Raises `NameTaken`, `NotFound`, `NotAllowed`."""
    found = _binned(actor, row)
    actor.require(right_for(type(found)))
    found.deleted_at, found.deleted_by_id = None, None
    try:
        with transaction.atomic():
            found.save(update_fields=["deleted_at", "deleted_by_id"])
    except IntegrityError as error:
        raise NameTaken from error
    _tell(actor, "orders.restored", found)
    return found


@action(permission="console.erase")
def erase_trade(*, actor: Actor, row: Trade) -> None:
    """Removes it for good, with its files. Raises `UsedInDeals` while something names it, `NotFound`."""
    found = _binned(actor, row)
    _tell(actor, "orders.erased", found)
    code = kind_of(found).code
    Attachment.all_objects.filter(kind=code, object_id=found.pk).delete()
    Notification.objects.filter(subject_kind=code, object_id=found.pk).delete()
    try:
        found.delete()
    except models.ProtectedError as error:
        raise UsedInDeals from error


def right_for(model: type[models.Model]) -> str:
    """What deleting and restoring such a record needs."""
    return "orders.catalogue" if model is Product else "orders.manage"


def _living(actor: Actor, row: T) -> T:
    found: T | None = type(row).objects.visible_to(actor).lock().filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    return found


def _binned(actor: Actor, row: Trade) -> Trade:
    found: Trade | None = deleted_trade(actor, type(row)).lock().filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    return found


def _bin(actor: Actor, row: Trade) -> None:
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    _tell(actor, "orders.binned", row)


def _tell(actor: Actor, type: str, row: Trade) -> None:
    anchors = [] if isinstance(row, Product) else [row.customer]
    data = {"name": str(row)} | ({"number": row.number} if isinstance(row, Order) else {})
    record(actor=actor, type=type, subject=row, anchors=anchors, data=data)
