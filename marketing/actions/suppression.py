"""The list of addresses that get no campaign, whatever their people agreed to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.core.translated import in_all_languages
from customers.recognising.identities import normal_email, normal_phone

from ..choices.campaigns import SuppressedChannel, SuppressedFor
from ..models import Campaign, Suppression


@action()
def suppress(
    *, actor: Actor, channel: str, address: str, reason: str, note: str = "", campaign: Campaign | None = None
) -> Suppression:
    """Puts an address (normal form) on the list, for what a server or its person said. A second time changes nothing.

    A complaint outweighs a bounce: the reason is raised, never lowered.
    """
    row, made = Suppression.objects.get_or_create(
        channel=channel, address=address,
        defaults={"reason": reason, "note": clean_line(note, 300), "campaign": campaign, "added_by_id": actor.user_id},
    )  # fmt: skip
    if made or (reason == SuppressedFor.COMPLAINT and row.reason != reason):
        if not made:
            row.reason = reason
            row.save(update_fields=["reason"])
        _tell(actor, "campaigns.suppressed", row, campaign)
    return row


@action(permission="campaigns.suppress")
def add_suppression(*, actor: Actor, values: dict[str, str]) -> Suppression:
    """A colleague puts an address on the list; values: channel, address, reason (by hand, a complaint), note.

    Raises `BadEmail`, `BadPhone`.
    """
    channel = values.get("channel", SuppressedChannel.EMAIL)
    normal = normal_phone if channel == SuppressedChannel.SMS else normal_email
    return suppress(
        actor=actor, channel=channel, address=normal(values["address"]),
        reason=SuppressedFor(values.get("reason") or SuppressedFor.HAND), note=values.get("note", ""),
    )  # fmt: skip


@action(permission="campaigns.suppress")
def lift_suppression(*, actor: Actor, record: Suppression, why: str) -> None:
    """Takes an address off the list; nobody but a colleague can, and says why. Raises `Invalid`, `NotFound`."""
    said = clean_line(why, 300)
    if not said:
        raise Invalid(fields={"why": _("Say why, such as: they wrote that the address works again")})
    row = Suppression.objects.visible_to(actor).lock().filter(pk=record.pk).first()
    if row is None:
        raise NotFound
    _tell(actor, "campaigns.unsuppressed", row, None, text=said)
    row.delete()


def _tell(actor: Actor, type: str, row: Suppression, campaign: Campaign | None, **data: str) -> None:
    record(
        actor=actor, type=type, subject=row, anchors=[campaign],
        data={"address": str(row), "reason": in_all_languages(SuppressedFor(row.reason).label), **data},
    )  # fmt: skip
