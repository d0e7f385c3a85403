"""How a person wants to be told. As with every preference, it is no event of the business."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.sockets import notification_kinds

from ..choices import Channels, Digest, Weekday, channels_of
from ..models import Delivery, Mute, Notification, NotificationChoice
from ..schedule import next_digest
from .telling import MAIL_AFTER

_DELIVERY = (
    "digest", "digest_hour", "digest_weekday", "quiet_from", "quiet_until", "quiet_weekends", "urgent_when_quiet",
    "push_shows_text",
)  # fmt: skip


@action()
def save_choices(
    *, actor: Actor, kinds: Collection[str], in_app: Collection[str], mail: Collection[str], push: Collection[str] = ()
) -> None:
    """Stores the actor's channels for these kinds: shown, mailed and pushed are those named so.

    Other kinds keep theirs, unknown ones are passed over, and a choice equal to the default follows the default.
    A mail that has not gone for a kind now without mail is dropped.
    """
    user = _self(actor)
    declared = [entry for key in kinds if (entry := notification_kinds.get(key)) is not None]
    wanted = {entry.key: Channels(entry.key in in_app, entry.key in mail, entry.key in push) for entry in declared}
    own = {entry.key for entry in declared if wanted[entry.key] != channels_of(entry, None)}
    NotificationChoice.objects.filter(user=user, kind__in=wanted.keys() - own).delete()
    NotificationChoice.objects.bulk_create(
        [NotificationChoice(user=user, kind=key, **wanted[key]._asdict()) for key in sorted(own)],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["in_app", "mail", "push"],
    )
    silent = [key for key, channels in wanted.items() if not channels.mail]
    Notification.objects.filter(user=user, kind__in=silent).with_mail_ahead().drop_mail()


@action()
def reset_choices(*, actor: Actor) -> int:
    """Every kind follows its default again. Returns how many choices that undid."""
    return NotificationChoice.objects.filter(user=_self(actor)).delete()[0]


@action()
def save_delivery(*, actor: Actor, values: Mapping[str, Any]) -> Delivery:
    """Stores when mail may come to the actor: digest, digest_hour (0 to 23), digest_weekday (0 is Monday),
    quiet_from and quiet_until (wall times or None), quiet_weekends, urgent_when_quiet, push_shows_text.

    Mail that waited for the end of the quiet time is looked at anew. Raises `Invalid` for a value out of range,
    for half a quiet time, and for a digest that would always fall into it.
    """
    user = _self(actor)
    row = Delivery.objects.filter(user=user).first() or Delivery(user=user)
    for name in _DELIVERY:
        setattr(row, name, values[name])
    row.zone = user.timezone
    _check(row)
    row.next_digest_at = next_digest(row, clock.now())
    if row.digest != Digest.OFF and row.next_digest_at is None:
        raise Invalid(fields={"digest_hour": _("This hour is always in your quiet time. Choose another.")})
    row.save()
    postponed = Notification.objects.filter(user=user, mail_due_at__gt=clock.now() + MAIL_AFTER)
    postponed.with_mail_ahead().update(mail_due_at=clock.now())
    return row


@action()
def mute(*, actor: Actor, notification_id: int) -> Mute:
    """The actor hears nothing more of the record that their line is about; mail about it is dropped.

    Raises `NotFound` for anybody else's line.
    """
    line = _own_line(actor, notification_id)
    row, _created = Mute.objects.get_or_create(
        user_id=line.user_id, subject_kind=line.subject_kind, object_id=line.object_id
    )
    Notification.objects.about(line).with_mail_ahead().drop_mail()
    return row


@action()
def unmute(*, actor: Actor, notification_id: int) -> None:
    """The actor is told of the line's record again. Raises `NotFound` for anybody else's line."""
    line = _own_line(actor, notification_id)
    Mute.objects.filter(user_id=line.user_id, subject_kind=line.subject_kind, object_id=line.object_id).delete()


@action()
def remove_mute(*, actor: Actor, mute_id: int) -> None:
    """As `unmute`, from the list of muted records. Raises `NotFound` for anybody else's."""
    Mute.objects.visible_to(actor).fetch(actor, pk=mute_id).delete()


def _self(actor: Actor) -> User:
    """The actor's own account, locked. Raises `NotFound` when the actor is no member of staff."""
    user = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotFound
    return user


def _own_line(actor: Actor, notification_id: int) -> Notification:
    return Notification.objects.lock().fetch(actor, pk=notification_id)


def _check(row: Delivery) -> None:
    """Raises `Invalid` naming the fields that break a rule."""
    wrong: dict[str, object] = {}
    if row.digest not in Digest.values:
        wrong["digest"] = Invalid.default
    if not 0 <= row.digest_hour <= 23:
        wrong["digest_hour"] = Invalid.default
    if row.digest_weekday not in Weekday.values:
        wrong["digest_weekday"] = Invalid.default
    if (row.quiet_from is None) != (row.quiet_until is None):
        wrong["quiet_until" if row.quiet_until is None else "quiet_from"] = _("Give both times, or neither.")
    elif row.quiet_from is not None and row.quiet_from == row.quiet_until:
        wrong["quiet_until"] = _("Choose an end that differs from the start.")
    if wrong:
        raise Invalid(fields=wrong)
