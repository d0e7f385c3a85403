"""The wording of the mail that carries a quote."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

mail_templates.register(
    MailTemplateDeclaration(
        "quotes.sent",
        _("Quote for a customer"),
        {
            "quote.number": _("Number"),
            "quote.name": _("What the quote is about"),
            "quote.total": _("Total"),
            "quote.until": _("Valid until"),
            "quote.link": _("Page on which the customer accepts"),
            "quote.text": _("The colleague's words"),
            "agent.name": _("Name of the sender"),
        },
        {"en": "Quote {{quote.number}}: {{quote.name}}", "zh-hans": "报价单 {{quote.number}}：{{quote.name}}"},
        {
            "en": "{{quote.text}}\n\nQuote {{quote.number}}, {{quote.total}}, valid until {{quote.until}}.\n\n"
            "Read and accept it here:\n{{quote.link}}",
            "zh-hans": "{{quote.text}}\n\n报价单 {{quote.number}}，总价 {{quote.total}}，有效期至 {{quote.until}}。\n\n"
            "在线查看并确认：\n{{quote.link}}",
        },
        automatic=False,
        order=60,
    )
)
