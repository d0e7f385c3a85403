"""The wording of what staff are told by mail."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

_BOTH = {
    "user.name": _("The person's name"),
    "settings.link": _("Link to the person's notification settings"),
}

mail_templates.register(
    MailTemplateDeclaration(
        key="notifications.single",
        label=_("Notification about one record"),
        placeholders={
            **_BOTH,
            "notification.sentence": _("The newest of what happened"),
            "notification.lines": _("All that happened, with times and excerpts"),
            "record.link": _("Link to the record"),
        },
        subject={"en": "{{notification.sentence}}", "zh-hans": "{{notification.sentence}}"},
        body={
            "en": "{{notification.lines}}\n\nOpen {{record.link}}\n\n"
            "You choose what is mailed to you: {{settings.link}}",
            "zh-hans": "{{notification.lines}}\n\n打开 {{record.link}}\n\n"
            "在这里选择接收哪些邮件通知：{{settings.link}}",
        },
    ),
    MailTemplateDeclaration(
        key="notifications.digest",
        label=_("Digest of unread notifications"),
        placeholders={
            **_BOTH,
            "digest.count": _("How many are unread"),
            "digest.lines": _("The unread ones by reason"),
            "list.link": _("Link to all notifications"),
        },
        subject={"en": "Unread notifications: {{digest.count}}", "zh-hans": "{{digest.count}} 条未读通知"},
        body={
            "en": "Hello {{user.name}},\n\nthis is what you have not read yet.\n\n{{digest.lines}}\n\n"
            "All notifications {{list.link}}\n\nYou choose when this comes: {{settings.link}}",
            "zh-hans": "{{user.name}}，您好：\n\n以下是您尚未阅读的通知。\n\n{{digest.lines}}\n\n"
            "全部通知 {{list.link}}\n\n在这里选择接收时间：{{settings.link}}",
        },
    ),
)
