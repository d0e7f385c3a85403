from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(70, "conversation", "messaging.Conversation", _("Conversation"), _("Conversations"), "chat"),
    Kind(71, "message", "messaging.Message", _("Message"), _("Messages"), "message"),
    Kind(72, "outgoing_mail", "messaging.OutgoingMail", _("Outgoing mail"), _("Outgoing mail"), "mail"),
    Kind(73, "mail_template", "messaging.MailTemplate", _("Mail template"), _("Mail templates"), "mail"),
    Kind(
        74,
        "inbound_mail",
        "messaging.InboundMail",
        _("Incoming mail"),
        _("Incoming mail"),
        "mail",
        "console:inbound_mail_detail",
    ),
    Kind(75, "mailbox", "messaging.Mailbox", _("Mailbox"), _("Mailboxes"), "channel", "console:mailbox_detail"),
    Kind(
        76,
        "outgoing_sms",
        "messaging.OutgoingSms",
        _("Text message"),
        _("Text messages"),
        "message",
        "console:outgoing_sms_detail",
    ),
    Kind(
        77,
        "sms_opt_out",
        "messaging.SmsOptOut",
        _("Number without text messages"),
        _("Numbers without text messages"),
        "off",
    ),
)
