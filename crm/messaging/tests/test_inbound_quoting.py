"""What is new and what is quoted, as the usual programs write it in both languages."""

from __future__ import annotations

import time

import pytest

from crm.messaging.inbound.html_text import text_of
from crm.messaging.inbound.quoting import split_quoted

QUOTES = {
    "gmail": "On Mon, Mar 2, 2026 at 10:10 AM Support <support@yunfan.example> wrote:\n\n> Switch it off.\n> Then on.",
    "gmail, broken line": "On Mon, Mar 2, 2026 at 10:10 AM Support <\nsupport@yunfan.example> wrote:\n> Switch it off.",
    "gmail, Chinese": "云帆客服 <support@yunfan.example> 于2026年3月2日周一 10:10写道：\n\n> 请重启",
    "163": "在 2026-03-02 10:10:00，\"云帆客服\" <support@yunfan.example> 写道：\n请重启",
    "163, English": 'At 2026-03-02 10:10:00, "Support" <support@yunfan.example> wrote:\n>Switch it off',
    "QQ": "------------------ 原始邮件 ------------------\n发件人: \"云帆客服\" <support@yunfan.example>;\n"
    "发送时间: 2026年3月2日(星期一) 上午10:10\n收件人: \"李雷\"<lilei@example.com>;\n主题: Re: #1024\n\n请重启",
    "QQ, reply": "---原始邮件---\n发件人: \"云帆客服\"<support@yunfan.example>\n请重启",
    "Foxmail": "发件人： 云帆客服\n发送时间： 2026-03-02 10:10\n收件人： 李雷\n主题： Re: #1024\n请重启",
    "Outlook": "________________________________\nFrom: Support <support@yunfan.example>\nSent: March 2, 2026 10:10\n"
    "To: Li Lei <lilei@example.com>\nSubject: Re: #1024\n\nSwitch it off.",
    "Outlook, Chinese": "发件人: <support@yunfan.example>\n发送时间: 2026年3月\n收件人: 李雷\n主题: Re\n\n请重启",
    "old Outlook": "-----Original Message-----\nFrom: Support\nSwitch it off.",
    "Apple Mail": "> On 2 Mar 2026, at 10:10, Support <support@yunfan.example> wrote:\n> \n> Switch it off.",
    "plain": "> Switch it off.\n>\n> Then on.",
}  # fmt: skip


@pytest.mark.parametrize("program", QUOTES)
@pytest.mark.parametrize("words", ["It works now.\n\nLi Lei", "还是不行，\n屏幕是黑的。"])
def test_the_quotation_is_split_off(program: str, words: str) -> None:
    split = split_quoted(f"{words}\n\n{QUOTES[program]}\n")
    assert split.visible == words
    assert split.quoted.split() == QUOTES[program].split()


@pytest.mark.parametrize(
    "text",
    [
        "No quotation here.\nFrom the office: it is broken.",
        "他在说明书里写道：\n按下按钮即可。",  # no date, no address
        "> my first question\nYes.\n> my second\nNo.",  # answers between the lines
        "Date: tomorrow\nTo: nobody",
        "发件人是谁？",
        "On Monday I wrote: nothing worked.",
    ],
)
def test_what_is_no_quotation_stays(text: str) -> None:
    assert split_quoted(text) == (split := split_quoted(text)) and split.visible == text and split.quoted == ""


def test_a_mail_of_nothing_but_quotation_stays_visible() -> None:
    assert split_quoted(QUOTES["gmail"]).visible == QUOTES["gmail"]


@pytest.mark.parametrize("line", ["Sent from my iPhone", "发自我的iPhone", "Get Outlook for iOS", "发自网易邮箱大师"])
def test_the_telephone_is_no_news(line: str) -> None:
    assert split_quoted(f"Works.\n\n{line}\n\n{QUOTES['gmail']}").visible == "Works."


def test_html_of_gmail_and_qq() -> None:
    gmail = (
        '<div dir="ltr">Works</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 at 10:10 AM'
        " Support &lt;support@yunfan.example&gt; wrote:<br></div><blockquote>Switch it off</blockquote></div>"
    )
    qq = "<div>好了</div><br><div>------------------&nbsp;原始邮件&nbsp;------------------</div>请重启"
    assert split_quoted(text_of(gmail)).visible == "Works"
    assert split_quoted(text_of(qq)).visible == "好了"


@pytest.mark.parametrize(
    "text", ["On " * 300_000, "> " * 400_000, "在" * 500_000, "From: a\n" * 100_000, "-" * 900_000]
)
def test_hostile_text_is_split_in_time(text: str) -> None:
    started = time.perf_counter()
    split_quoted(text)
    assert time.perf_counter() - started < 2
