"""Reports by mail: who gets which, when; and sending them, each in its reader's rights, language and zone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import record as tell
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.files.actions.attachments import attach_file
from crm.jobs import runners
from crm.messaging.actions import queue_mail

from ..board import Board, company_zone
from ..exceptions import NoSuchReport
from ..exports import TYPES, file_of
from ..gallery.cards import card_of
from ..models import MailedReport, Reader
from ..periods import LENGTHS, last_days
from ..schedule import next_moment
from ..tables import as_text

FIELDS = frozenset({"report", "frequency", "weekday", "day", "at", "period", "format", "readers"})
MAX_READERS = 50
BATCH = 500
#: A report that is later than this is not mailed: nobody waits for last week's.
LATEST = dt.timedelta(hours=12)


@action(permission="reports.mail")
def save_mailed_report(*, actor: Actor, values: Mapping[str, Any], record: MailedReport | None = None) -> MailedReport:
    """Mails a report on some days, or changes which, when and to whom. readers: users.

    To others only with `reports.share`. Raises `NoSuchReport` for a report that the actor may not read; `Invalid`;
    `NotFound` for one of somebody else.
    """
    if set(values) - FIELDS or actor.user_id is None:
        raise Invalid
    values = dict(values)
    people: Sequence[User] | None = values.pop("readers", None)
    row = MailedReport(owner_id=actor.user_id) if record is None else _lock(actor, record)
    for name, value in values.items():
        setattr(row, name, value)
    card_of(actor, row.report)
    is_new = row.pk is None
    row.save()
    if people is not None:
        _set_readers(actor, row, people)
    _reckon(row)
    if is_new:
        tell(
            actor=actor, type="reports.mail_scheduled", subject=row,
            data={"report": row.question, "readers": row.readers.count()},
        )  # fmt: skip
    return row


@action(permission="reports.mail")
def delete_mailed_report(*, actor: Actor, record: MailedReport) -> None:
    """Mails it to nobody any more. Raises `NotFound`."""
    row = _lock(actor, record)
    tell(actor=actor, type="reports.mail_deleted", subject=row, data={"report": row.question})
    row.delete()


@action()
def stop_mail(*, actor: Actor, mail: MailedReport, stopped: bool = True) -> None:
    """Stops it for oneself, or lets it come again. Raises `NotFound` for who is no reader."""
    row = Reader.objects.lock().filter(mail=mail, user_id=actor.user_id or 0).select_related("mail", "user").first()
    if row is None:
        raise NotFound
    zone = ZoneInfo(row.user.timezone)
    row.zone, row.next_at = zone.key, None if stopped else next_moment(row.mail, zone, clock.now())
    row.save(update_fields=["zone", "next_at"])
    kind = "reports.mail_stopped" if stopped else "reports.mail_resumed"
    tell(actor=actor, type=kind, subject=mail, data={"report": mail.question})


@action()
def start_due(*, actor: Actor) -> int:
    """Starts a job for each report that is due for somebody, and reckons their next moments. Returns how many readers.

    Who left is no reader any more; who moved to another zone gets it at the same time of day there.
    """
    now = clock.database_now()
    Reader.objects.filter(user__is_active=False).delete()
    moved = Reader.objects.filter(next_at__gt=now).exclude(zone=F("user__timezone")).select_related("mail", "user")
    _reckon_all(list(moved[:BATCH]), now)
    due = Reader.objects.filter(next_at__lte=now).select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(due.select_related("mail", "user").order_by("pk")[:BATCH])
    jobs: dict[int, list[Reader]] = defaultdict(list)
    for row in rows:
        if row.next_at > now - LATEST:
            jobs[row.mail_id].append(row)
    _reckon_all(rows, now)
    for readers in jobs.values():
        mail = readers[0].mail
        params = {"v": 1, "readers": [row.pk for row in readers], "on": f"{now:%Y-%m-%dT%H:%M}"}
        label = _("Report by mail: %(report)s") % {"report": mail.question}
        runners.start(kind="reports.mail", label=label, owner_id=mail.owner_id, params=params, total=len(readers))
    return len(rows)


@action()
def send_report(*, actor: Actor, reader: Reader, on: str) -> bool:
    """Queues the mail of one reader, built with that reader's rights. on: which run; one run mails nobody twice.

    False for a reader who left, stopped it, or may not read the report any more.
    """
    user = reader.user
    if not user.is_active or not user.email:
        return False
    viewer = actor_for(user)
    with translation.override(user.language), timezone.override(ZoneInfo(user.timezone)):
        try:
            card = card_of(viewer, reader.mail.report)
        except NoSuchReport:
            return False
        board = Board(viewer, last_days(LENGTHS[reader.mail.period], company_zone(), reader.mail.period), ())
        content = card.build(board)
        host = Brand.default().base_url
        key = f"reports:{reader.pk}:{on}"
        mail = queue_mail(
            actor=actor, template_key="reports.mailed", to_email=user.email, to_name=user.name,
            language=user.language, brand=Brand.default(), dedupe_key=key,
            values={
                "user.name": user.name, "report.question": str(card.question), "report.finding": content.finding,
                "report.about": content.subtitle, "report.table": as_text(content),
                "report.link": f"{host}{card.url}?{board.query}",
                "settings.link": f"{host}{reverse('reports:mail_list')}",
            },
        )  # fmt: skip
        if mail is not None and reader.mail.format in TYPES:
            _attach(actor, mail.pk, reader.mail.format, f"{card.question} {board.period.last}", content)
    Reader.objects.filter(pk=reader.pk).update(last_at=clock.now())
    return mail is not None


def _attach(actor: Actor, mail_id: int, format: str, name: str, content: Any) -> None:
    from crm.files.models import Attachment

    if Attachment.objects.on("outgoing_mail", mail_id).exists():
        return
    file = ContentFile(file_of(content, format), name=f"report.{format}")
    attach_file(actor=actor, kind="outgoing_mail", object_id=mail_id, name=f"{name}.{format}", file=file)


def _set_readers(actor: Actor, row: MailedReport, people: Sequence[User]) -> None:
    ids = {user.pk for user in people if user.is_active}
    if not ids:
        raise Invalid(fields={"readers": _("Choose at least one reader")})
    if len(ids) > MAX_READERS:
        raise Invalid(fields={"readers": _("Choose up to %(count)s readers.") % {"count": MAX_READERS}})
    if ids - {actor.user_id}:
        actor.require("reports.share")
    row.readers.exclude(user_id__in=ids).delete()
    known = set(row.readers.values_list("user_id", flat=True))
    Reader.objects.bulk_create(
        [
            Reader(mail=row, user=user, zone=user.timezone, next_at=clock.now())
            for user in people
            if user.pk not in known
        ]
    )


def _reckon(row: MailedReport) -> None:
    """The next moment of each reader who has not stopped it."""
    _reckon_all(list(row.readers.filter(next_at__isnull=False).select_related("mail", "user")), clock.now())


def _reckon_all(readers: Sequence[Reader], now: dt.datetime) -> None:
    for reader in readers:
        zone = ZoneInfo(reader.user.timezone)
        reader.zone, reader.next_at = zone.key, next_moment(reader.mail, zone, now)
    Reader.objects.bulk_update(readers, ["zone", "next_at"])


def _lock(actor: Actor, record: MailedReport) -> MailedReport:
    row: MailedReport | None = MailedReport.objects.editable_by(actor).lock().filter(pk=record.pk).first()
    if row is None:
        raise NotFound
    return row
