"""What the demo's colleagues asked IT and others for, and the parts that other teams do for open tickets."""

from __future__ import annotations

import datetime as dt

from crm.accounts.access import actor_for
from crm.accounts.models import Team, User
from crm.core import clock
from crm.core.demo import DemoContext
from crm.messaging.choices import MailState
from crm.messaging.models import OutgoingMail

from ..actions import (
    add_note,
    change_status,
    finish_part,
    open_part,
    reassign_ticket,
    reply,
    resolve_ticket,
    submit_request,
)
from ..models import RequestType, Status, Ticket

#: Type, subject, words, answer; the last of them is solved, the one before waits for the colleague's word.
_REQUESTS = (
    ("it_help", "新同事需要电脑和账号", "下周一入职，请准备笔记本和邮箱账号。", ""),
    ("lift_repair", "3 号电梯按钮不亮", "四楼外呼按钮按了没有反应。", "师傅已到现场，请问其他楼层是否正常？"),
    ("it_help", "会议室投影仪连不上", "二楼会议室的投影仪搜索不到电脑。", "已更换连接线，现在可以正常投屏。"),
)
#: What those types ask and must be told.
_ANSWERS = {"lift_repair": {"building": "a", "device": "LIFT-A3", "trapped": False}}
#: What the other team notes while a part is under way.
_NOTES = {"en": "Two are left; I am asking when they can go.", "zh-hans": "还有两件，正在确认发货时间。"}
#: Subject, words, result ("" while it is under way), by the language of the ticket.
_PARTS = {
    "en": (
        ("Check the stock of the spare part", "Is there one in the warehouse, and when can it be sent?", ""),
        ("Look up the payment", "The customer says it was paid twice.", "Paid once; the second was only reserved."),
    ),
    "zh-hans": (
        ("核对备件库存", "仓库是否有货，最快什么时候可以发出？", ""),
        ("核实付款记录", "客户反映重复扣款。", "只扣款一次，另一笔为预授权，已释放。"),
    ),
}
_OF_TICKETS = 6


def make_requests_and_parts(context: DemoContext) -> None:
    """Runs the verbs as the people would, a few hours ago; no mail of it waits to be sent."""
    before = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with clock.at(context.now - dt.timedelta(hours=5)):
        _ask(User.objects.filter(roles__key="employee").first())
        _hand_parts(context)
    made = OutgoingMail.objects.filter(pk__gt=before)
    made.update(state=MailState.SENT, sent_at=context.now)


def _ask(colleague: User | None) -> None:
    types = {row.key: row for row in RequestType.objects.filter(key__in={key for key, *_words in _REQUESTS})}
    if colleague is None or len(types) < 2:
        return
    for number, (key, subject, words, answer) in enumerate(_REQUESTS):
        ticket = submit_request(
            actor=actor_for(colleague), request_type=types[key], subject=subject, description=words,
            form_key=f"demo-request-{number:08d}", answers=_ANSWERS.get(key),
        )  # fmt: skip
        agent = User.objects.active().filter(memberships__team=ticket.team, agent_profile__takes_tickets=True).first()
        if agent is None:
            continue
        actor = actor_for(agent)
        if answer and number < len(_REQUESTS) - 1:
            reply(actor=actor, ticket=ticket, body=answer, form_key=f"demo-answer-{number:08d}")
        if number == len(_REQUESTS) - 1:
            resolve_ticket(actor=actor, ticket=ticket, cause="setup", solution=answer)
        elif answer:
            waiting = Status.objects.filter(category="waiting", is_default=True).first()
            if waiting is not None:
                change_status(actor=actor, ticket=Ticket.objects.get(pk=ticket.pk), status=waiting)


def _hand_parts(context: DemoContext) -> None:
    """Parts of the newest tickets that somebody holds, each for the next team."""
    teams = list(Team.objects.active().filter(memberships__user__agent_profile__takes_tickets=True).distinct())
    held = Ticket.objects.unresolved().whole().filter(assignee__is_active=True).filter(contact__user__isnull=True)
    held = held.select_related("assignee", "team")
    for number, ticket in enumerate(held.order_by("-created_at")[:_OF_TICKETS] if len(teams) > 1 else []):
        other = next(team for team in teams[number % len(teams) :] + teams if team.pk != ticket.team_id)
        choices = _PARTS[ticket.language if ticket.language in _PARTS else "en"]
        subject, words, result = choices[number % len(choices)]
        holder = actor_for(ticket.assignee)  # type: ignore[arg-type]
        if not Ticket.objects.workable_by(holder).filter(pk=ticket.pk).exists():
            continue
        part = open_part(actor=holder, ticket=ticket, team=other, subject=subject, description=words)
        worker = User.objects.active().filter(memberships__team=other, agent_profile__takes_tickets=True).first()
        if worker is None or number % 3 == 2:
            continue
        actor = actor_for(worker)
        reassign_ticket(actor=holder, ticket=part, team=other, assignee=worker)
        if result:
            finish_part(actor=actor, ticket=part, result=result)
        else:
            note = _NOTES.get(ticket.language, _NOTES["en"])
            add_note(actor=actor, ticket=part, body=note, form_key=f"demo-part-{number:08d}")
