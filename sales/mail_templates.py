"""The wording of the mails that carry quotes and contracts, and of payment reminders."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

from .wording.payments import REMINDERS

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
    ),
    MailTemplateDeclaration(
        "contracts.sent",
        _("Contract for a customer"),
        {
            "contract.number": _("Number"),
            "contract.name": _("What the contract is about"),
            "contract.amount": _("Amount"),
            "contract.starts": _("First day"),
            "contract.ends": _("Last day"),
            "contract.text": _("The colleague's words"),
            "agent.name": _("Name of the sender"),
        },
        {
            "en": "Contract {{contract.number}}: {{contract.name}}",
            "zh-hans": "合同 {{contract.number}}：{{contract.name}}",
        },
        {
            "en": "{{contract.text}}\n\nContract {{contract.number}}, {{contract.amount}}. The PDF is attached.",
            "zh-hans": "{{contract.text}}\n\n合同 {{contract.number}}，金额 {{contract.amount}}。PDF 见附件。",
        },
        automatic=False,
        order=61,
    ),
    *REMINDERS,
)
