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

_CODE = {
    "contact.name": _("The person's name"),
    "code": _("The code of six digits; it works once"),
    "minutes": _("How many minutes the code works"),
}
mail_templates.register(
    MailTemplateDeclaration(
        key="portal.address_code",
        label=_("Code to add an address in the customer portal"),
        placeholders=_CODE,
        subject={
            "en": "Your code to confirm this address at {{ brand.name }}",
            "zh-hans": "{{ brand.name }}地址确认验证码",
        },
        body={
            "en": (
                "Hello {{ contact.name }},\n\n"
                "your code to add this address to your profile at {{ brand.name }}:\n\n"
                "{{ code }}\n\n"
                "Type it on the page where you asked for it. It works once, for {{ minutes }} minutes. "
                "If it was not you who asked, do nothing: without the code nothing changes."
            ),
            "zh-hans": (
                "{{ contact.name }}，您好：\n\n"
                "您正在将此地址添加到{{ brand.name }}的个人资料，验证码为：\n\n"
                "{{ code }}\n\n"
                "请在申请验证码的页面输入，{{ minutes }} 分钟内有效，仅可使用一次。"
                "如非您本人操作，请忽略此邮件，您的资料不会有任何变化。"
            ),
        },
        sms={
            "en": "{{ brand.name }}: {{ code }} is your code for this number. It works for {{ minutes }} minutes.",
            "zh-hans": "【{{ brand.name }}】号码确认验证码：{{ code }}，{{ minutes }} 分钟内有效，请勿告知他人。",
        },
        order=61,
        is_secret=True,
    ),
    MailTemplateDeclaration(
        key="portal.address_known",
        label=_("Somebody wanted to add an address that is known"),
        placeholders={"contact.name": _CODE["contact.name"]},
        subject={
            "en": "This address is already known at {{ brand.name }}",
            "zh-hans": "该地址已在{{ brand.name }}登记",
        },
        body={
            "en": (
                "Hello {{ contact.name }},\n\n"
                "somebody who is signed in at {{ brand.name }} wanted to add this address to their profile. "
                "It already belongs to your profile, so nothing was changed.\n\n"
                "If it was you under another address: write to us, and we bring both together. Otherwise do nothing."
            ),
            "zh-hans": (
                "{{ contact.name }}，您好：\n\n"
                "有人登录{{ brand.name }}后想将此地址添加到自己的资料。该地址已属于您的资料，因此没有任何更改。\n\n"
                "如果是您本人使用另一地址操作，请联系我们，我们会为您合并资料；否则请忽略此邮件。"
            ),
        },
        sms={
            "en": "{{ brand.name }}: this number already belongs to a profile. To bring two together, write to us.",
            "zh-hans": "【{{ brand.name }}】该号码已属于另一份资料。如需合并资料，请联系我们。",
        },
        order=62,
    ),
    MailTemplateDeclaration(
        key="portal.address_added",
        label=_("An address was added in the customer portal"),
        placeholders={
            "contact.name": _CODE["contact.name"],
            "address": _("The new address, with its middle hidden"),
        },
        subject={"en": "An address was added at {{ brand.name }}", "zh-hans": "{{ brand.name }}：您的资料新增了地址"},
        body={
            "en": (
                "Hello {{ contact.name }},\n\n"
                "{{ address }} was added to your profile at {{ brand.name }} and can be used to sign in.\n\n"
                "If it was not you: sign in, remove it and sign out on all devices, and tell us."
            ),
            "zh-hans": (
                "{{ contact.name }}，您好：\n\n"
                "您在{{ brand.name }}的资料新增了 {{ address }}，可用于登录。\n\n"
                "如非您本人操作，请登录后删除该地址并退出所有设备，同时告知我们。"
            ),
        },
        order=63,
    ),
)
