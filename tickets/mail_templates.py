"""The wording of every mail about a ticket; administrators change it under Settings, Mail templates."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

_TICKET = {
    "ticket.number": _("Ticket number"),
    "ticket.link": _("Link to follow the ticket"),
    "lost.link": _("Page that sends a lost link again"),
}
_MORE = {
    **_TICKET,
    "ticket.subject": _("Subject"),
    "ticket.status": _("Status in the customer's words"),
    "team.name": _("Team"),
    "agent.name": _("Name of the assignee"),
    "contact.name": _("Name of the requester"),
}
_EXPECTED = {"ticket.expected": _("When the first answer is expected")}
_RATING = {"rating.link": _("Link to the rating page")} | {
    f"rating.link{score}": _("Link that rates with one click") for score in range(1, 6)
}

mail_templates.register(
    MailTemplateDeclaration(
        "tickets.received",
        _("Request received (the only text a stranger's address gets)"),
        {**_TICKET, **_EXPECTED, "ticket.answers": _("The answers to the type's questions (proved addresses only)")},
        {
            "en": "We received your request #{{ticket.number}}",
            "zh-hans": "我们已收到您的请求 #{{ticket.number}}",
        },
        {
            "en": "Your request has the number {{ticket.number}}.\n\n{{ticket.answers}}\n\n"
            "We expect to answer by {{ticket.expected}}.\n\n"
            "Open this link to confirm your address and to follow the request:\n{{ticket.link}}\n\n"
            "If you did not send a request, do nothing.\n\nLost the link? Get it again: {{lost.link}}",
            "zh-hans": "您的请求编号是 {{ticket.number}}。\n\n{{ticket.answers}}\n\n"
            "预计首次答复时间：{{ticket.expected}}。\n\n"
            "打开以下链接确认您的邮箱并查看进度：\n{{ticket.link}}\n\n如果您没有提交过请求，无需任何操作。\n\n链接丢失？重新获取：{{lost.link}}",
        },
        sms={
            "en": "{{brand.name}}: we received your request {{ticket.number}}. Follow it here:\n{{ticket.link}}",
            "zh-hans": "【{{brand.name}}】已收到您的请求 {{ticket.number}}，查看进度：\n{{ticket.link}}",
        },
        order=10,
    ),
    MailTemplateDeclaration(
        "tickets.queued",
        _("Waits in the queue"),
        {**_MORE, **_EXPECTED},
        {"en": "Request #{{ticket.number}} is in our queue", "zh-hans": "请求 #{{ticket.number}} 正在排队"},
        {
            "en": "Hello {{contact.name}},\n\nyour request “{{ticket.subject}}” waits for the next free member of "
            "{{team.name}}. We expect to answer by {{ticket.expected}}.\n\n{{ticket.link}}",
            "zh-hans": "{{contact.name}}，您好：\n\n您的请求“{{ticket.subject}}”正在等待 {{team.name}} 的客服受理，"
            "预计答复时间：{{ticket.expected}}。\n\n{{ticket.link}}",
        },
        order=20,
    ),
    MailTemplateDeclaration(
        "tickets.accepted",
        _("Taken by somebody"),
        _MORE,
        {"en": "We are working on request #{{ticket.number}}", "zh-hans": "请求 #{{ticket.number}} 已受理"},
        {
            "en": "Hello {{contact.name}},\n\n{{agent.name}} of {{team.name}} is now working on "
            "“{{ticket.subject}}”.\n\n{{ticket.link}}",
            "zh-hans": "{{contact.name}}，您好：\n\n{{team.name}} 的 {{agent.name}} 正在处理您的请求"
            "“{{ticket.subject}}”。\n\n{{ticket.link}}",
        },
        order=30,
    ),
    MailTemplateDeclaration(
        "tickets.reply",
        _("Public reply"),
        {**_MORE, "message.text": _("What the agent wrote")},
        {
            "en": "Re: #{{ticket.number}} {{ticket.subject}}",
            "zh-hans": "回复：#{{ticket.number}} {{ticket.subject}}",
        },
        {
            "en": "{{message.text}}\n\n{{agent.name}}, {{brand.name}}\n\nAnswer and follow the request here:\n"
            "{{ticket.link}}\n\nLost the link? Get it again: {{lost.link}}",
            "zh-hans": "{{message.text}}\n\n{{agent.name}}，{{brand.name}}\n\n回复并查看进度：\n{{ticket.link}}\n\n"
            "链接丢失？重新获取：{{lost.link}}",
        },
        automatic=False,
        sms={
            "en": "{{brand.name}} #{{ticket.number}}: {{message.text}}\nAnswer here:\n{{ticket.link}}",
            "zh-hans": "【{{brand.name}}】{{ticket.number}}：{{message.text}}\n回复：\n{{ticket.link}}",
        },
        sms_shortens="message.text",
        order=40,
    ),
    MailTemplateDeclaration(
        "tickets.waiting",
        _("Waits for the customer or a third party"),
        _MORE,
        {
            "en": "Request #{{ticket.number}}: {{ticket.status}}",
            "zh-hans": "请求 #{{ticket.number}}：{{ticket.status}}",
        },
        {
            "en": "Hello {{contact.name}},\n\nthe state of “{{ticket.subject}}” is now: {{ticket.status}}.\n\n"
            "Follow it and answer here:\n{{ticket.link}}",
            "zh-hans": "{{contact.name}}，您好：\n\n您的请求“{{ticket.subject}}”目前状态：{{ticket.status}}。\n\n"
            "在此查看进度或回复：\n{{ticket.link}}",
        },
        order=50,
    ),
    MailTemplateDeclaration(
        "tickets.resolved",
        _("Solved, with the request for a rating"),
        {**_MORE, "ticket.solution": _("The solution"), **_RATING},
        {"en": "Request #{{ticket.number}} is solved", "zh-hans": "请求 #{{ticket.number}} 已解决"},
        {
            "en": "{{ticket.solution}}\n\nHow did we do? One click is enough:\n"
            "5 very good: {{rating.link5}}\n4 good: {{rating.link4}}\n3 fair: {{rating.link3}}\n"
            "2 poor: {{rating.link2}}\n1 very poor: {{rating.link1}}\n\n"
            "Not solved? Answer here, and we go on:\n{{ticket.link}}\n\nLost the link? Get it again: {{lost.link}}",
            "zh-hans": "{{ticket.solution}}\n\n您对本次服务是否满意？一键评价：\n"
            "5 非常满意：{{rating.link5}}\n4 满意：{{rating.link4}}\n3 一般：{{rating.link3}}\n"
            "2 不满意：{{rating.link2}}\n1 非常不满意：{{rating.link1}}\n\n"
            "问题仍未解决？在此回复，我们会继续处理：\n{{ticket.link}}\n\n链接丢失？重新获取：{{lost.link}}",
        },
        automatic=False,
        sms={
            "en": "{{brand.name}} #{{ticket.number}} is solved: {{ticket.solution}}\nHow did we do?\n{{rating.link}}",
            "zh-hans": "【{{brand.name}}】{{ticket.number}} 已解决：{{ticket.solution}}\n请评价：\n{{rating.link}}",
        },
        sms_shortens="ticket.solution",
        order=60,
    ),
    MailTemplateDeclaration(
        "tickets.link",
        _("The link again, for whoever lost it"),
        _TICKET,
        {
            "en": "Your link to request #{{ticket.number}}",
            "zh-hans": "请求 #{{ticket.number}} 的查看链接",
        },
        {
            "en": "You asked for the link to your request {{ticket.number}} again. Here it is:\n{{ticket.link}}\n\n"
            "If it was not you, do nothing: nobody else got the link.",
            "zh-hans": "您申请重新获取请求 {{ticket.number}} 的链接，链接如下：\n{{ticket.link}}\n\n"
            "如非您本人操作，无需理会：链接没有发给其他人。",
        },
        sms={
            "en": "{{brand.name}}: the link to your request {{ticket.number}}:\n{{ticket.link}}",
            "zh-hans": "【{{brand.name}}】您的请求 {{ticket.number}} 的链接：\n{{ticket.link}}",
        },
        order=70,
    ),
)
