"""What goes to a person by mail: one mail a record, and the digest. Both are what they may still see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import override

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.accounts.selectors import presence_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions import queue_mail

from ..models import Delivery, Notification
from ..schedule import next_digest, quiet_until
from ..selectors import Line, Subject, delivery_of, lines_of

DIGEST_LINES = 50
#: When a mail is looked at again that waits for its reader to be away.
LOOK_AGAIN = dt.timedelta(minutes=5)


@action()
def mail_due(*, actor: Actor, user_id: int) -> int:
    """Queues a mail for each of the user's records that has one due; what is read meanwhile is left out.

    All that is ahead about the record goes along. In the user's quiet time it waits for the end of it, urgent
    kinds apart where the user lets them through; kinds that are `mail_if_away` wait while the user is here. Nothing
    goes to a suspended user, nor of a record they may no longer see. Returns how many mails were queued.
    """
    user, now = User.objects.get(pk=user_id), clock.database_now()
    ahead = Notification.objects.filter(user=user).with_mail_ahead()
    rows = list(ahead.lock())
    if not user.is_active:
        ahead.drop_mail()
        return 0
    viewer, delivery = actor_for(user), delivery_of(user)
    end = quiet_until(delivery, now)
    if presence_of(user) != "offline":
        rows = _without_patient(rows, now)
    mails = 0
    for lines in _by_record(rows).values():
        held = [row for row in lines if end and not (delivery.urgent_when_quiet and _is_urgent(row))]
        late = [row.pk for row in held if _is_due(row, now)]
        Notification.objects.filter(pk__in=late).update(mail_due_at=end)
        going = [row for row in lines if row not in held]
        if any(_is_due(row, now) for row in going):
            mails += _mail_record(actor, user, viewer, delivery.tzinfo, going)
            Notification.objects.filter(pk__in=[row.pk for row in going]).drop_mail()
    return mails


@action()
def send_digest(*, actor: Actor, user_id: int) -> bool:
    """Queues the user's digest when it is due, and sets the next. Nothing unread: no mail. Returns whether one went.

    One digest a period, however many sweeps ask: the row is locked, and the moment is set on with the mail.
    """
    row = Delivery.objects.select_related("user").lock().filter(user_id=user_id).first()
    if row is None:
        return False
    now = clock.database_now()
    moved = row.zone != row.user.timezone
    is_due = not moved and row.next_digest_at is not None and row.next_digest_at <= now
    if not moved and not is_due:
        return False
    went = is_due and row.user.is_active and _mail_digest(actor, row)
    row.zone = row.user.timezone
    row.next_digest_at = next_digest(row, now)
    row.save(update_fields=["zone", "next_digest_at"])
    return went


def _without_patient(rows: Sequence[Notification], now: dt.datetime) -> list[Notification]:
    """Without kinds that wait until the person has gone, whose mail is looked at anew later; they see them here."""
    patient = {row.pk for row in rows if row.in_app and row.declared is not None and row.declared.mail_if_away}
    late = [row.pk for row in rows if row.pk in patient and _is_due(row, now)]
    Notification.objects.filter(pk__in=late).update(mail_due_at=now + LOOK_AGAIN)
    return [row for row in rows if row.pk not in patient]


def _by_record(rows: Iterable[Notification]) -> Mapping[Subject, list[Notification]]:
    records: dict[Subject, list[Notification]] = defaultdict(list)
    for row in rows:
        records[row.subject_kind, row.object_id].append(row)
    return records


def _is_due(row: Notification, now: dt.datetime) -> bool:
    return row.mail_due_at is not None and row.mail_due_at <= now


def _is_urgent(row: Notification) -> bool:
    return row.declared is not None and row.declared.urgent


def _mail_record(actor: Actor, user: User, viewer: Actor, zone: dt.tzinfo, rows: Sequence[Notification]) -> bool:
    """One mail about one record. False when the user may see none of it any more."""
    newest_first = sorted(rows, key=lambda row: (row.updated_at, row.pk), reverse=True)
    with override(user.language):
        lines = [line for line in lines_of(viewer, newest_first) if not line.is_gone]
        if not lines:
            return False
        values = {
            "notification.sentence": lines[0].sentence,
            "notification.lines": "\n".join(_words(line, zone) for line in lines),
            "record.link": _address(lines[0].url or reverse("notifications:notification_list")),
        }
    return _queue(actor, user, "notifications.single", values)


def _mail_digest(actor: Actor, row: Delivery) -> bool:
    """What is unread, by reason. False when there is nothing that the user may still see."""
    unread = Notification.objects.filter(user=row.user, in_app=True).unread()
    shown = list(unread.order_by("-updated_at", "-pk")[:DIGEST_LINES])
    with override(row.user.language):
        lines = [line for line in lines_of(actor_for(row.user), shown) if not line.is_gone]
        if not lines:
            return False
        groups: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            groups[line.group].append(_words(line, row.tzinfo, excerpt=False))
        text = "\n\n".join("\n".join([label, *entries]) for label, entries in groups.items())
        values = {
            "digest.count": formats.number_format(unread.count(), force_grouping=True),
            "digest.lines": text,
            "list.link": _address(reverse("notifications:notification_list")),
        }
    key = f"notifications.digest:{row.user_id}:{row.next_digest_at:%Y%m%dT%H%M}"
    return _queue(actor, row.user, "notifications.digest", values, dedupe_key=key)


def _words(line: Line, zone: dt.tzinfo, *, excerpt: bool = True) -> str:
    """A line as text: moment in the reader's zone, sentence, how often, excerpt."""
    at = formats.date_format(timezone.localtime(line.at, zone), "SHORT_DATETIME_FORMAT")
    times = f" (×{line.count})" if line.count > 1 else ""
    text = f"\n{line.text}" if excerpt and line.text else ""
    return f"{at} · {line.sentence}{times}{text}"


def _address(path: str) -> str:
    """The absolute address of a page for staff."""
    return path if "://" in path else f"{Brand.default().base_url}{path}"


def _queue(
    actor: Actor, user: User, template: str, values: Mapping[str, str], *, dedupe_key: str | None = None
) -> bool:
    mail = queue_mail(
        actor=actor,
        template_key=template,
        to_email=user.email,
        to_name=user.name,
        language=user.language,
        values={**values, "user.name": user.name, "settings.link": _address(reverse("notifications:settings"))},
        brand=Brand.default(),
        dedupe_key=dedupe_key,
    )
    return mail is not None
