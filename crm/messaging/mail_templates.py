"""The test message of Settings, Text messages."""

from django.utils.translation import gettext_lazy as _

from .declarations import MailTemplateDeclaration, mail_templates

mail_templates.register(
    MailTemplateDeclaration(
        "messaging.sms_test",
        _("Test message"),
        {},
        {"en": "Test message of {{brand.name}}", "zh-hans": "{{brand.name}}测试消息"},
        {"en": "It works: this is a test message.", "zh-hans": "这是一条测试消息，收到即表示设置成功。"},
        sms={
            "en": "{{brand.name}}: it works, this is a test message.",
            "zh-hans": "【{{brand.name}}】这是一条测试短信，收到即表示设置成功。",
        },
        order=90,
    )
)
