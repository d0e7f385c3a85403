"""The wording of the platform's own letters."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

_PLACEHOLDERS = {
    "user.name": _("The person's name"),
    "password_link": _("The link to set a password; it works once"),
    "hours": _("How many hours the link works"),
}

mail_templates.register(
    MailTemplateDeclaration(
        key="console.invitation",
        is_secret=True,
        label=_("Invitation of a user"),
        placeholders={**_PLACEHOLDERS, "inviter.name": _("Who sent the invitation")},
        subject={
            "en": "Your account at {{ brand.name }}",
            "zh-hans": "您在{{ brand.name }}的账号",
        },
        body={
            "en": (
                "Hello {{ user.name }},\n\n"
                "{{ inviter.name }} has opened an account for you. Set a password to sign in for the first time:\n\n"
                "Set your password {{ password_link }}\n\n"
                "The link works once, for {{ hours }} hours. If it has expired, use “Forgot your password?” "
                "on the sign-in page."
            ),
            "zh-hans": (
                "{{ user.name }}，您好：\n\n"
                "{{ inviter.name }} 已为您开通账号。首次登录前，请先设置密码：\n\n"
                "设置密码 {{ password_link }}\n\n"
                "该链接仅可使用一次，{{ hours }} 小时内有效。如已过期，可在登录页点击“忘记密码？”重新获取。"
            ),
        },
    ),
    MailTemplateDeclaration(
        key="console.password_link",
        is_secret=True,
        label=_("Link to set a new password"),
        placeholders=_PLACEHOLDERS,
        subject={
            "en": "Set a new password",
            "zh-hans": "设置新密码",
        },
        body={
            "en": (
                "Hello {{ user.name }},\n\n"
                "somebody asked for a link to set a new password for this address:\n\n"
                "Set a new password {{ password_link }}\n\n"
                "The link works once, for {{ hours }} hours. If it was not you, do nothing: "
                "your password stays as it is."
            ),
            "zh-hans": (
                "{{ user.name }}，您好：\n\n"
                "我们收到了为此邮箱设置新密码的请求：\n\n"
                "设置新密码 {{ password_link }}\n\n"
                "该链接仅可使用一次，{{ hours }} 小时内有效。如非您本人操作，可忽略此邮件，密码不会改变。"
            ),
        },
    ),
)
