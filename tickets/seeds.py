"""What the desk starts with: statuses and their order, the priority matrix, a promise, a consent text."""

from __future__ import annotations

from crm.calendars.models import Calendar
from crm.core.models import Brand
from crm.core.sockets import Seed, seeds
from crm.core.translated import Translated

from .choices import StatusCategory as Category
from .models import PriorityRule, ServiceSettings, SlaPolicy, Status

# key: name, 中文, customers' words, 中文, category, pauses first response, pauses resolution, may move to
STATUSES = {
    "new": ("New", "待受理", "Received", "已收到", Category.NEW, False, False),
    "in_progress": ("In progress", "处理中", "In progress", "处理中", Category.OPEN, False, False),
    "waiting_customer": (
        "Waiting on customer", "待客户回复", "Waiting for you", "等待您回复", Category.WAITING, False, True,
    ),
    "waiting_third_party": (
        "Waiting on third party", "待第三方", "Waiting for a third party", "等待第三方", Category.WAITING, False, True,
    ),
    "on_hold": ("On hold", "已挂起", "On hold", "已暂停", Category.ON_HOLD, True, True),
    "resolved": ("Resolved", "已解决", "Solved", "已解决", Category.RESOLVED, False, False),
    "closed": ("Closed", "已关闭", "Closed", "已关闭", Category.CLOSED, False, False),
}  # fmt: skip
MOVES = {
    "new": ("in_progress", "waiting_customer", "waiting_third_party", "on_hold", "resolved", "closed"),
    "in_progress": ("waiting_customer", "waiting_third_party", "on_hold", "resolved", "closed"),
    "waiting_customer": ("in_progress", "waiting_third_party", "on_hold", "resolved", "closed"),
    "waiting_third_party": ("in_progress", "waiting_customer", "on_hold", "resolved", "closed"),
    "on_hold": ("in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed"),
    "resolved": ("in_progress", "closed"),
    "closed": ("in_progress",),
}
#: (impact, urgency) → priority, both 1 low to 3 high.
MATRIX = {(1, 1): 1, (1, 2): 2, (1, 3): 3, (2, 1): 2, (2, 2): 3, (2, 3): 4, (3, 1): 3, (3, 2): 4, (3, 3): 4}
#: priority → minutes for the first response and for the solution.
TARGETS = {
    "4": {"first_response": 30, "resolution": 240},
    "3": {"first_response": 60, "resolution": 480},
    "2": {"first_response": 240, "resolution": 1440},
    "1": {"first_response": 480, "resolution": 2880},
}
CONSENT = Translated(
    {
        "en": "I agree that my details are stored and used to handle this request.",
        "zh-hans": "我同意贵公司保存并使用以上信息来处理本次请求。",
    }
)


def seed_statuses() -> None:
    if Status.objects.exists():
        return
    rows = {}
    for order, (key, values) in enumerate(STATUSES.items()):
        english, chinese, theirs, theirs_chinese, category, first, resolution = values
        rows[key] = Status.objects.create(
            key=key,
            name=Translated({"en": english, "zh-hans": chinese}),
            customer_name=Translated({"en": theirs, "zh-hans": theirs_chinese}),
            category=category,
            pauses_first_response=first,
            pauses_resolution=resolution,
            is_default=key != "waiting_third_party",
            order=order * 10,
        )
    for key, targets in MOVES.items():
        rows[key].next_statuses.set([rows[target] for target in targets])


def seed_matrix() -> None:
    for (impact, urgency), priority in MATRIX.items():
        PriorityRule.objects.get_or_create(impact=impact, urgency=urgency, defaults={"priority": priority})


def seed_promise() -> None:
    if not SlaPolicy.objects.exists():
        SlaPolicy.objects.create(
            name=Translated({"en": "Standard", "zh-hans": "标准"}),
            calendar=Calendar.default(),
            targets=TARGETS,
            order=100,
        )


def seed_settings() -> None:
    for brand in Brand.objects.all():
        ServiceSettings.objects.get_or_create(brand=brand, defaults={"consent_text": CONSENT})


seeds.register(
    Seed("tickets.statuses", seed_statuses, order=50),
    Seed("tickets.matrix", seed_matrix, order=50),
    Seed("tickets.promise", seed_promise, order=60),
    Seed("tickets.settings", seed_settings, order=60),
)
