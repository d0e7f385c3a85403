"""What a mail may begin with: designed contents in both languages, ready to be written over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .choices.campaigns import MAILS, CampaignKind

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Design:
    """subject: by language. blocks: (type, values) in their order. kinds: the kinds of campaign it suits."""

    key: str
    label: Any
    about: Any
    subject: Words
    blocks: tuple[tuple[str, dict[str, Any]], ...]
    kinds: tuple[str, ...] = tuple(MAILS)

    @property
    def content(self) -> dict[str, Any]:
        """As `Campaign.content` keeps it."""
        blocks = [{"id": f"d{n}", "type": type, "values": values} for n, (type, values) in enumerate(self.blocks, 1)]
        return {"v": 1, "blocks": blocks}


def _words(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-hans": chinese}


def _title(english: str, chinese: str) -> tuple[str, dict[str, Any]]:
    return "heading", {"text": _words(english, chinese), "level": "title"}


def _text(english: str, chinese: str) -> tuple[str, dict[str, Any]]:
    return "text", {"text": _words(english, chinese)}


def _button(english: str, chinese: str, address: str = "") -> tuple[str, dict[str, Any]]:
    return "button", {"label": _words(english, chinese), "address": address or "https://", "look": "primary"}


_GREETING = _text("Hello {{contact.name|and welcome}},", "{{contact.name|您好}}：")
DESIGNS = (
    Design(
        "news", _("Newsletter"), _("Three short stories, each with its point"),
        _words("News from {{brand.name}}", "{{brand.name}}最新资讯"),
        (
            _title("What is new", "最新动态"),
            _GREETING,
            _text("**The first story.** Two sentences on what it is for.", "**第一条。**用两句话说明它的好处。"),
            ("divider", {}),
            _text("**The second story.** One thought is enough.", "**第二条。**一个要点就够了。"),
            ("divider", {}),
            _text("**The third story.** End with what comes next.", "**第三条。**最后说明接下来的安排。"),
        ),
    ),
    Design(
        "offer", _("Offer"), _("One thing, one reason, one button"),
        _words("An offer for {{customer.name|you}}", "为{{customer.name|您}}准备的优惠"),
        (
            _title("Until the end of the month", "本月底前有效"),
            _GREETING,
            _text("Say what it is, what it costs and how long it holds.", "说明是什么、价格多少、有效到何时。"),
            _button("See the offer", "查看优惠"),
            _text("Questions? Answer this mail; a person reads it.", "如有疑问，请直接回复此邮件，我们会为您解答。"),
        ),
    ),
    Design(
        "invitation", _("Invitation"), _("An event with its place, its time and a button to register"),
        _words("You are invited: {{campaign.name}}", "诚邀您参加：{{campaign.name}}"),
        (
            _title("You are invited", "诚邀您参加"),
            _GREETING,
            _text("{{campaign.when}}, {{campaign.place}}", "{{campaign.when}}，{{campaign.place}}"),
            _text("- What is shown\n- Whom you meet\n- What you take home", "- 展示内容\n- 与谁交流\n- 您的收获"),
            _button("Register", "立即报名", "#register"),
        ),
        (CampaignKind.EVENT,),
    ),
    Design(
        "thanks", _("Thank-you"), _("After a purchase or a visit"),
        _words("Thank you, {{contact.name|from all of us}}", "感谢您，{{contact.name|尊敬的客户}}"),
        (
            _title("Thank you", "感谢您"),
            _GREETING,
            _text("Say what for, in one warm sentence.", "用一句真诚的话说明感谢的原因。"),
            ("quote", {"text": _words("What was said of it.", "客户的评价。"), "who": _words("A customer", "客户")}),
            _text("How was it? Answer this mail.", "您觉得怎么样？请回复此邮件告诉我们。"),
        ),
    ),
)  # fmt: skip


def designs_for(kind: str) -> list[Design]:
    """Those that suit a kind of campaign."""
    return [design for design in DESIGNS if kind in design.kinds]
