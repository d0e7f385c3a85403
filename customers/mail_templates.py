"""The wording of the portal's letters."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

mail_templates.register(
    MailTemplateDeclaration(
        key="portal.code",
        label=_("Code to sign in to the customer portal"),
        placeholders={
            "contact.name": _("The person's name"),
            "code": _("The code of six digits; it works once"),
            "minutes": _("How many minutes the code works"),
        },
        subject={"en": "Your code to sign in at {{ brand.name }}", "zh-hans": "{{ brand.name }}客户门户登录验证码"},
        body={
            "en": (
                "Hello {{ contact.name }},\n\n"
                "your code to sign in at {{ brand.name }}:\n\n"
                "{{ code }}\n\n"
                "Type it on the page where you asked for it. It works once, for {{ minutes }} minutes. "
                "We never ask for it by phone or email. If it was not you who asked, do nothing."
            ),
            "zh-hans": (
                "{{ contact.name }}，您好：\n\n"
                "您正在登录{{ brand.name }}客户门户，验证码为：\n\n"
                "{{ code }}\n\n"
                "请在申请验证码的页面输入，{{ minutes }} 分钟内有效，仅可使用一次。"
                "我们不会通过电话或邮件向您索要验证码。如非您本人操作，请忽略此邮件。"
            ),
        },
        sms={
            "en": "{{ brand.name }}: your code is {{ code }}. It works once, for {{ minutes }} minutes.",
            "zh-hans": "【{{ brand.name }}】登录验证码：{{ code }}，{{ minutes }} 分钟内有效，请勿告知他人。",
        },
        order=60,
        is_secret=True,
    )
)
