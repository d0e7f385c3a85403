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
from crm.core.text import listed
from crm.files.actions.attachments import attach_file
from crm.jobs import runners
from crm.messaging.actions import queue_mail

from ..exceptions import NoSuchReport
from ..exports import TYPES, file_of, files_of
from ..gallery.cards import card_of
from ..letters import Section, sections_of, text_of
from ..models import Dashboard, MailedReport, Reader
from ..schedule import next_moment

FIELDS = frozenset({"report", "frequency", "weekday", "day", "at", "period", "format", "readers"})
MAX_READERS = 50
BATCH = 500
#: A report that is later than this is not mailed: nobody waits for last week's.
LATEST = dt.timedelta(hours=12)


@action(permission="reports.mail")
def save_mailed_report(*, actor: Actor, values: Mapping[str, Any], record: MailedReport | None = None) -> MailedReport:
    """Mails it on some days, or changes which, when and to whom. report: a key, or a dashboard; readers: users.

    To others only with `reports.share`, and a dashboard only to those who see it. Raises `NoSuchReport` for a report
    that the actor may not read; `Invalid`; `NotFound` for one of somebody else.
    """
    if set(values) - FIELDS or actor.user_id is None:
        raise Invalid
    values = dict(values)
    people: Sequence[User] | None = values.pop("readers", None)
    row = MailedReport(owner_id=actor.user_id) if record is None else _lock(actor, record)
    _choose(actor, row, values.pop("report", row.dashboard or row.report))
    for name, value in values.items():
        setattr(row, name, value)
    if row.dashboard is not None:
        _check_they_see_it(row.dashboard, people or [])
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
    row = (
        Reader.objects.lock()
        .filter(mail=mail, user_id=actor.user_id or 0)
        .select_related("mail__dashboard", "user")
        .first()
    )
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
    moved = (
        Reader.objects.filter(next_at__gt=now)
        .exclude(zone=F("user__timezone"))
        .select_related("mail__dashboard", "user")
    )
    _reckon_all(list(moved[:BATCH]), now)
    due = Reader.objects.filter(next_at__lte=now).select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(due.select_related("mail__dashboard", "user").order_by("pk")[:BATCH])
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
    viewer, mail = actor_for(user), reader.mail
    with translation.override(user.language), timezone.override(ZoneInfo(user.timezone)):
        try:
            sections = sections_of(viewer, mail)
        except NoSuchReport:
            return False
        sent = queue_mail(
            actor=actor, template_key="reports.mailed" if mail.dashboard is None else "reports.dashboard_mailed",
            to_email=user.email, to_name=user.name, language=user.language, brand=Brand.default(),
            dedupe_key=f"reports:{reader.pk}:{on}", values=_words(user, mail, sections),
        )  # fmt: skip
        if sent is not None and mail.format in TYPES:
            _attach(actor, sent.pk, mail, sections)
    Reader.objects.filter(pk=reader.pk).update(last_at=clock.now())
    return sent is not None


def _words(user: User, mail: MailedReport, sections: Sequence[Section]) -> dict[str, str]:
    """What the text of the mail is filled with."""
    host, first = Brand.default().base_url, sections[0]
    words = {"user.name": user.name, "settings.link": f"{host}{reverse('reports:mail_list')}"}
    if mail.dashboard is not None:
        return {
            **words, "dashboard.name": mail.dashboard.name, "dashboard.reports": text_of(sections),
            "dashboard.link": f"{host}{mail.url}",
        }  # fmt: skip
    return {
        **words, "report.question": str(first.card.question), "report.finding": first.content.finding,
        "report.about": first.content.subtitle, "report.table": first.table, "report.link": first.url,
    }  # fmt: skip


def _attach(actor: Actor, mail_id: int, mail: MailedReport, sections: Sequence[Section]) -> None:
    from crm.files.models import Attachment

    if Attachment.objects.on("outgoing_mail", mail_id).exists():
        return
    if mail.dashboard is None:
        content = file_of(sections[0].content, mail.format)
    else:
        content = files_of([(str(section.card.question), section.content) for section in sections], mail.format)
    name = f"{mail.question} {sections[0].board.period.last}.{mail.format}"
    file = ContentFile(content, name=f"report.{mail.format}")
    attach_file(actor=actor, kind="outgoing_mail", object_id=mail_id, name=name, file=file)


def _choose(actor: Actor, row: MailedReport, what: str | Dashboard) -> None:
    """What is mailed: something that the actor may read."""
    if isinstance(what, Dashboard):
        row.report, row.dashboard = "", Dashboard.objects.fetch(actor, pk=what.pk)
    else:
        row.report, row.dashboard = card_of(actor, what).key, None


def _check_they_see_it(dashboard: Dashboard, people: Sequence[User]) -> None:
    """Raises `Invalid` naming those whom the dashboard is not shared with."""
    blind = [
        user.name
        for user in people
        if not Dashboard.objects.visible_to(actor_for(user)).filter(pk=dashboard.pk).exists()
    ]
    if blind:
        text = _("The dashboard is not shared with: %(names)s") % {"names": listed(blind)}
        raise Invalid(fields={"readers": text})


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
    _reckon_all(list(row.readers.filter(next_at__isnull=False).select_related("mail__dashboard", "user")), clock.now())


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
