"""One pipeline with its stages, and the usual reasons for losing."""

from __future__ import annotations

from crm.core.sockets import Seed
from crm.core.translated import Translated

from ..choices.opportunities import StageKind
from ..models import LostReason, Pipeline, Stage

#: English, 中文, kind, win probability in per cent, usual days.
STAGES = [
    ("Qualified", "初步接触", StageKind.OPEN, 10, 14),
    ("Needs analysis", "需求确认", StageKind.OPEN, 30, 14),
    ("Quoted", "方案报价", StageKind.OPEN, 50, 21),
    ("Negotiation", "商务谈判", StageKind.OPEN, 70, 21),
    ("Contract", "合同签订", StageKind.OPEN, 90, 14),
    ("Won", "赢单", StageKind.WON, 100, 0),
    ("Lost", "输单", StageKind.LOST, 0, 0),
]
#: English, 中文, whether it asks for a note.
REASONS = [
    ("Price too high", "价格过高", False),
    ("Chose a competitor", "选择了竞争对手", False),
    ("No budget", "没有预算", False),
    ("Product does not fit", "产品不匹配", False),
    ("No answer any more", "客户失联", False),
    ("Plan dropped", "项目取消", False),
    ("Unhappy with our service", "对服务不满意", False),
    ("Other", "其他", True),
]


def _both(english: str, chinese: str) -> Translated:
    return Translated({"en": english, "zh-hans": chinese})


def seed_pipeline() -> None:
    if Pipeline.objects.exists():
        return
    pipeline = Pipeline.objects.create(name=_both("Sales", "标准销售流程"), order=10)
    for place, (english, chinese, kind, probability, days) in enumerate(STAGES, start=1):
        Stage.objects.create(
            pipeline=pipeline, name=_both(english, chinese), kind=kind, probability=probability, expected_days=days,
            order=place * 10,
        )  # fmt: skip


def seed_lost_reasons() -> None:
    if LostReason.objects.exists():
        return
    for place, (english, chinese, needs_note) in enumerate(REASONS, start=1):
        LostReason.objects.create(name=_both(english, chinese), needs_note=needs_note, order=place * 10)


PIPELINE_SEEDS = [
    Seed("sales.pipeline", seed_pipeline, order=50),
    Seed("sales.lost_reasons", seed_lost_reasons, order=51),
]
