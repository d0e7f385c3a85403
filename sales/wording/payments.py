"""Three tones of reminding a customer of money: a hint, a request, a last request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration

_PLACES = {
    "contract.number": _("Number of the contract"),
    "contract.name": _("What the contract is about"),
    "customer.name": _("The customer's name"),
    "instalment.open": _("Amount that is open"),
    "instalment.due": _("Day it was due"),
    "instalment.days": _("Days it is overdue"),
    "agent.name": _("Name of the sender"),
}
_SUBJECTS = (
    {"en": "Payment due: {{contract.number}}", "zh-hans": "付款提醒：{{contract.number}}"},
    {"en": "Second reminder: {{contract.number}}", "zh-hans": "第二次付款提醒：{{contract.number}}"},
    {"en": "Last reminder: {{contract.number}}", "zh-hans": "最后一次付款提醒：{{contract.number}}"},
)
_BODIES = (
    {
        "en": "Hello {{customer.name}},\n\n{{instalment.open}} for {{contract.name}} ({{contract.number}}) was due on "
        "{{instalment.due}}. If you have paid meanwhile, please take this mail as done.\n\n{{agent.name}}",
        "zh-hans": "{{customer.name}}：\n\n您好！“{{contract.name}}”（{{contract.number}}）的款项 {{instalment.open}} "
        "已于 {{instalment.due}} 到期。若您已付款，请忽略此邮件。\n\n{{agent.name}}",
    },
    {
        "en": "Hello {{customer.name}},\n\n{{instalment.open}} for {{contract.name}} ({{contract.number}}) has been "
        "due since {{instalment.due}}, {{instalment.days}} days ago. Please pay it now, or tell us what stands in the "
        "way.\n\n{{agent.name}}",
        "zh-hans": "{{customer.name}}：\n\n“{{contract.name}}”（{{contract.number}}）的款项 {{instalment.open}} 自 "
        "{{instalment.due}} 起已逾期 {{instalment.days}} 天。请尽快付款；如有疑问，请直接回复此邮件。"
        "\n\n{{agent.name}}",
    },
    {
        "en": "Hello {{customer.name}},\n\n{{instalment.open}} for {{contract.name}} ({{contract.number}}), due on "
        "{{instalment.due}}, is still open after {{instalment.days}} days. Please pay within seven days, or call us."
        "\n\n{{agent.name}}",
        "zh-hans": "{{customer.name}}：\n\n“{{contract.name}}”（{{contract.number}}）于 {{instalment.due}} "
        "到期的款项 {{instalment.open}} 仍未付清。请在七日内付款，或与我们联系。\n\n{{agent.name}}",
    },
)
_LABELS: tuple[Any, ...] = (_("First payment reminder"), _("Second payment reminder"), _("Last payment reminder"))

REMINDERS = [
    MailTemplateDeclaration(f"payments.reminder_{level}", label, _PLACES, subject, body, order=61 + level)
    for level, (label, subject, body) in enumerate(zip(_LABELS, _SUBJECTS, _BODIES, strict=True), start=1)
]
