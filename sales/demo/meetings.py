"""The demo's meetings: this week's and last week's of its sales people, about their deals."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from crm.accounts.models import User
from crm.activity.recording import kind_of
from crm.core import names
from crm.core.demo import DemoContext
from crm.core.metrics import midnight
from crm.core.models import Brand
from crm.planner.choices import Answer
from crm.planner.models import Meeting, MeetingAttendee, MeetingProposal
from customers.selectors import email_of

from ..models import Opportunity

#: English, 中文, minutes, place in English, in 中文.
_TALKS = [
    ("Kick-off: {name}", "启动会：{name}", 60, "Their office", "客户办公室"),
    ("Demo: {name}", "产品演示：{name}", 90, "Showroom", "展厅"),
    ("Terms of {name}", "商务条款：{name}", 45, "", ""),
    ("Site visit: {name}", "现场勘查：{name}", 120, "Warehouse 3", "三号仓库"),
    ("Review of {name}", "复盘：{name}", 30, "Room 2", "二号会议室"),
]
_ANSWERS = (Answer.ACCEPTED, Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED, Answer.NONE)
_CAME = ("They want a pilot of 20 units; decision by the end of the month.", "客户希望先试点 20 台，月底前决定。")


def make_meetings(context: DemoContext) -> None:
    """About six for each of the first sales people, from last week to the next."""
    rng, zone_name = context.rng("meetings"), Brand.default().timezone
    zone = ZoneInfo(zone_name)
    today = context.now.astimezone(zone).date()
    monday = today - dt.timedelta(days=today.weekday())
    sellers: list[User] = context.made["staff"].in_role("sales")
    code = kind_of(Opportunity).code
    for seller in sellers[:8]:
        rows = Opportunity.objects.open().filter(owner=seller).select_related("customer", "contact").order_by("pk")
        for number, deal in enumerate(rows[:6]):
            chinese = deal.customer.language == "zh-hans"
            english, words, minutes, place, place_zh = rng.choice(_TALKS)
            day = monday + dt.timedelta(days=(number * 3 + rng.randint(-3, 2)) % 12 - 4)
            start = midnight(day, zone) + dt.timedelta(hours=rng.choice((9, 10, 11, 13, 14, 15, 16)), minutes=30)
            title = (words if chinese else english).format(name=deal.name)[:200]
            over = start + dt.timedelta(minutes=minutes) < context.now
            held = over and rng.random() < 0.7
            meeting = Meeting(
                kind=code, object_id=deal.pk, title=title, search_key=names.search_key(title), starts_at=start,
                ends_at=start + dt.timedelta(minutes=minutes), zone=zone_name, place=place_zh if chinese else place,
                link="" if place else "https://meet.example/room", organizer=seller,
                uid=f"{uuid.UUID(int=rng.getrandbits(128))}@planner", remind_minutes=None,
                created_at=min(context.now, start) - dt.timedelta(days=2), asked_at=start if over else None,
                held_at=start + dt.timedelta(minutes=minutes + 20) if held else None,
                outcome=_CAME[1 if chinese else 0] if held else "",
            )  # fmt: skip
            meeting.save_base(raw=True, force_insert=True)
            seats = [MeetingAttendee(meeting=meeting, user=seller)]
            mate = rng.choice(sellers)
            if mate.pk != seller.pk and rng.random() < 0.4:
                seats.append(MeetingAttendee(meeting=meeting, user=mate))
            address = email_of(deal.contact) if deal.contact else None
            if address is not None and deal.contact is not None:
                answer = rng.choice(_ANSWERS)
                seats.append(MeetingAttendee(
                    meeting=meeting, name=deal.contact.name, email=address.value, answer=answer,
                    answered_at=meeting.created_at + dt.timedelta(hours=3) if answer else None,
                ))  # fmt: skip
            MeetingAttendee.objects.bulk_create(seats)
    _propose(context)


def _propose(context: DemoContext) -> None:
    """The guest of the next meeting would rather come a day later."""
    guests = MeetingAttendee.objects.filter(user__isnull=True, meeting__starts_at__gt=context.now)
    seat = guests.select_related("meeting").order_by("meeting__starts_at", "pk").first()
    if seat is not None:
        later = [moment + dt.timedelta(days=1) for moment in (seat.meeting.starts_at, seat.meeting.ends_at)]
        MeetingProposal.objects.create(seat=seat, starts_at=later[0], ends_at=later[1])
