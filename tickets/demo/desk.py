"""How the demo's desk is set up: skills, request types, promises, and who can do what."""

from __future__ import annotations

from typing import NamedTuple

from crm.accounts.demo import Staff
from crm.calendars.models import Calendar
from crm.core.demo import DemoContext
from crm.core.translated import Translated

from ..choices import Audience, Seniority, TicketKind
from ..models import AgentProfile, CannedReply, Macro, RequestType, Skill, SlaPolicy
from .questions import both, make_questions

#: key: English, 中文.
SKILLS = {
    "hardware": ("Hardware repair", "硬件维修"),
    "software": ("Software and drivers", "软件与驱动"),
    "logistics": ("Carriers and customs", "物流与清关"),
    "billing": ("Invoices and payments", "发票与付款"),
    "accounts": ("Accounts and access", "账号与权限"),
    "complaints": ("Handling complaints", "投诉处理"),
}


class Type(NamedTuple):
    """A request type of the demo. share: how often it is asked for, among all shares; minutes: its own times."""

    english: str
    chinese: str
    about: str
    about_chinese: str
    kind: TicketKind
    team: str
    skill: str
    impact: int
    urgency: int
    share: int
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)
    minutes: tuple[int | None, int | None] = (None, None)


TYPES = {
    "hardware_fault": Type("Hardware fault", "硬件故障", "A device does not work as it should", "设备不能正常工作",
                           TicketKind.INCIDENT, "devices", "hardware", 1, 2, 20),
    "software_fault": Type("Software fault", "软件故障", "An app, a driver or a connection fails",
                           "应用、驱动或接口出现问题", TicketKind.INCIDENT, "software", "software", 2, 1, 17),
    "parcel_question": Type("Parcel question", "物流咨询", "Where it is, where it should go", "查询包裹或修改收货地址",
                            TicketKind.QUESTION, "orders", "logistics", 1, 2, 21),
    "return": Type("Return or exchange", "退换货", "Send something back or change it", "申请退货或换货",
                   TicketKind.SERVICE_REQUEST, "orders", "logistics", 1, 2, 10),
    "billing": Type("Invoice or payment", "发票与付款", "Questions about invoices and payments", "发票、付款及退款问题",
                    TicketKind.QUESTION, "billing", "billing", 1, 2, 12),
    "account_access": Type("Account access", "账户访问", "Sign-in, users and rights", "登录、用户与权限",
                           TicketKind.SERVICE_REQUEST, "billing", "accounts", 1, 2, 10),
    "complaint": Type("Complaint", "投诉", "Something went wrong that should not have", "对产品或服务不满意",
                      TicketKind.COMPLAINT, "care", "complaints", 2, 2, 6),
    "suggestion": Type("Suggestion", "建议", "What we could do better", "告诉我们哪里可以做得更好",
                       TicketKind.QUESTION, "care", "", 1, 1, 4, (Audience.PUBLIC, Audience.EMPLOYEES)),
    "extra_bed": Type("Extra bed", "加床", "One more bed in your room", "为您的房间加一张床",
                      TicketKind.SERVICE_REQUEST, "orders", "", 1, 2, 2, (Audience.CUSTOMERS, Audience.EMPLOYEES),
                      (30, 120)),
    "lift_repair": Type("Lift repair", "电梯报修", "A lift stands still or behaves strangely", "电梯停运或异常",
                        TicketKind.INCIDENT, "devices", "hardware", 2, 2, 2, (Audience.PUBLIC, Audience.EMPLOYEES),
                        (15, 240)),
    "it_help": Type("IT help", "IT 支持", "Computers, accounts and meeting rooms", "电脑、账号与会议室设备",
                    TicketKind.SERVICE_REQUEST, "software", "software", 1, 2, 0, (Audience.EMPLOYEES,), (60, None)),
}  # fmt: skip

_PREMIUM_TARGETS = {
    "4": {"first_response": 15, "resolution": 240},
    "3": {"first_response": 60, "resolution": 480},
    "2": {"first_response": 120, "resolution": 960},
    "1": {"first_response": 240, "resolution": 1440},
}
#: request type: name, shortcut, text, each in English and 中文.
_TEMPLATES = {
    "return": (
        ("Return label", "退货标签"), "return-label",
        ("Hello {{contact.name}},\n\nhere is how to send it back: print the label in the attachment, put it on the "
         "parcel and hand it to any pick-up point within 14 days. The money is back three working days after we have "
         "it.\n\n{{agent.name}}, {{team.name}}",
         "{{contact.name}}，您好：\n\n请打印附件中的退货标签并贴在包裹上，14 天内交到任一快递网点。"
         "我们收到后 3 个工作日内退款。"
         "\n\n{{agent.name}}，{{team.name}}"),
    ),
    "lift_repair": (
        ("Technician on the way", "维修人员已出发"), "lift-visit",
        ("Hello {{contact.name}},\n\na technician is on the way to the lift. Please keep people away from it until "
         "then.\n\n{{agent.name}}, {{team.name}}",
         "{{contact.name}}，您好：\n\n维修人员已前往现场，请在此之前不要使用该电梯。\n\n{{agent.name}}，{{team.name}}"),
    ),
}  # fmt: skip
#: Replies that fit any ticket: name, shortcut, words in both languages.
_GENERAL = (
    (
        ("Ask for the serial number", "询问序列号"), "serial",
        ("Hello {{contact.name}},\n\nwhich serial number does the device have? It stands on the label at the back and "
         "begins with YF.\n\n{{agent.name}}, {{team.name}}",
         "{{contact.name}}，您好：\n\n请告知设备序列号。序列号印在背面标签上，以 YF 开头。"
         "\n\n{{agent.name}}，{{team.name}}"),
    ),
    (
        ("We are looking into it", "正在核实"), "checking",
        ("Hello {{contact.name}},\n\nthank you for telling us. We are looking into it and will write again today."
         "\n\n{{agent.name}}, {{team.name}}",
         "{{contact.name}}，您好：\n\n感谢您的反馈。我们正在核实，今天内会再次答复您。\n\n{{agent.name}}，{{team.name}}"),
    ),
    (
        ("Does it work now?", "确认是否解决"), "works",
        ("Hello {{contact.name}},\n\ndoes it work now? If so, we close request {{ticket.number}}; writing again opens "
         "it again.\n\n{{agent.name}}, {{team.name}}",
         "{{contact.name}}，您好：\n\n问题是否已解决？若已解决，我们将关闭工单 {{ticket.number}}；"
         "再次回复即可重新打开。"
         "\n\n{{agent.name}}，{{team.name}}"),
    ),
)  # fmt: skip
#: Tickets an agent works on at one time. Customer care is small, so that its queue is never quite empty.
CAPACITY, CARE_CAPACITY = 14, 2


def set_up_desk(context: DemoContext) -> None:
    """Skills, request types, the second promise and agent profiles; types by key in `made["types"]`."""
    staff: Staff = context.made["staff"]
    skills = {
        key: Skill.objects.create(key=key, name=Translated({"en": english, "zh-hans": chinese}))
        for key, (english, chinese) in SKILLS.items()
    }
    context.made["types"] = {
        key: RequestType.objects.create(
            key=key,
            name=Translated({"en": entry.english, "zh-hans": entry.chinese}),
            description=Translated({"en": entry.about, "zh-hans": entry.about_chinese}),
            kind=entry.kind,
            team=staff.teams[entry.team],
            skill=skills.get(entry.skill),
            impact=entry.impact,
            urgency=entry.urgency,
            audiences=[audience.value for audience in entry.audiences],
            first_response_minutes=entry.minutes[0],
            resolution_minutes=entry.minutes[1],
            order=order * 10,
        )
        for order, (key, entry) in enumerate(TYPES.items())
    }
    make_questions(context.made["types"])
    _template_answers(context.made["types"])
    _macros()
    SlaPolicy.objects.create(
        name=Translated({"en": "Complaints and healthcare", "zh-hans": "投诉与医疗客户"}),
        condition={
            "v": 1,
            "any": [
                {"field": "ticket.kind", "op": "is", "value": TicketKind.COMPLAINT.value},
                {"field": "ticket.customer.industry", "op": "is", "value": "Healthcare"},
                {"field": "ticket.customer.industry", "op": "is", "value": "医疗"},
            ],
        },
        calendar=Calendar.default(),
        targets=_PREMIUM_TARGETS,
        order=10,
    )
    _profiles(context, staff, skills)


def _template_answers(types: dict[str, RequestType]) -> None:
    for key, (name, shortcut, body) in _TEMPLATES.items():
        reply = CannedReply.objects.create(name=both(name), shortcut=shortcut, body=both(body), order=5)
        reply.request_types.set([types[key]])
    for order, (name, shortcut, body) in enumerate(_GENERAL, start=1):
        CannedReply.objects.create(name=both(name), shortcut=shortcut, body=both(body), order=10 * order)


def _macros() -> None:
    """Two things that one click does: for everybody."""
    parcel = CannedReply.objects.order_by("pk").first()
    Macro.objects.create(name=both(("I take it, it is urgent", "我来处理（紧急）")), takes=True, priority=4, order=10)
    Macro.objects.create(name=both(("Answer and wait", "答复并等待客户")), reply=parcel, takes=True, order=20)


def _profiles(context: DemoContext, staff: Staff, skills: dict[str, Skill]) -> None:
    rng = context.rng("tickets.profiles")
    care = len(staff.agents_of("care"))
    per_day = context.tickets / 365 * (TYPES["complaint"].share + TYPES["suggestion"].share) / 100
    care_capacity = max(CARE_CAPACITY, round(per_day * 2.2 / care))
    for member in staff.members:
        if not member.is_agent:
            continue
        senior = member.person.role == "senior_agent"
        level = Seniority.SENIOR if senior else rng.choice((Seniority.JUNIOR, Seniority.AGENT, Seniority.AGENT))
        capacity = care_capacity if member.person.teams == ("care",) else CAPACITY - 4 * (level == Seniority.JUNIOR)
        profile = AgentProfile.objects.create(user=member.user, capacity=capacity, seniority=level)
        wanted = {entry.skill for entry in TYPES.values() if entry.skill and entry.team in member.person.teams}
        known = sorted(wanted) if senior else [key for key in sorted(wanted) if rng.random() < 0.8]
        profile.skills.set([skills[key] for key in known])
