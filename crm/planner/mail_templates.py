"""The wording of invitations to meetings."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

_FIELDS = {
    "meeting.title": _("Title"),
    "meeting.when": _("Day, time and time zone"),
    "meeting.place": _("Place or link"),
    "meeting.link": _("Link"),
    "meeting.text": _("Agenda, or why it is called off"),
    "agent.name": _("Name of the organizer"),
}
_FOOT = {
    "en": "{{meeting.when}}\n{{meeting.place}}\n\n{{meeting.text}}\n\n{{agent.name}}",
    "zh-hans": "{{meeting.when}}\n{{meeting.place}}\n\n{{meeting.text}}\n\n{{agent.name}}",
}

mail_templates.register(
    MailTemplateDeclaration(
        "planner.meeting_invited", _("Invitation to a meeting"), _FIELDS,
        {"en": "Invitation: {{meeting.title}}", "zh-hans": "会议邀请：{{meeting.title}}"},
        {
            "en": f"You are invited to a meeting: {{{{meeting.title}}}}\n\n{_FOOT['en']}",
            "zh-hans": f"诚邀您参加会议：{{{{meeting.title}}}}\n\n{_FOOT['zh-hans']}",
        },
        automatic=False, order=80,
    ),
    MailTemplateDeclaration(
        "planner.meeting_changed", _("Meeting changed"), _FIELDS,
        {"en": "Changed: {{meeting.title}}", "zh-hans": "会议变更：{{meeting.title}}"},
        {
            "en": f"The meeting has changed: {{{{meeting.title}}}}\n\n{_FOOT['en']}",
            "zh-hans": f"会议有变更：{{{{meeting.title}}}}\n\n{_FOOT['zh-hans']}",
        },
        automatic=False, order=81,
    ),
    MailTemplateDeclaration(
        "planner.meeting_cancelled", _("Meeting cancelled"), _FIELDS,
        {"en": "Cancelled: {{meeting.title}}", "zh-hans": "会议取消：{{meeting.title}}"},
        {
            "en": f"The meeting is cancelled: {{{{meeting.title}}}}\n\n{_FOOT['en']}",
            "zh-hans": f"会议已取消：{{{{meeting.title}}}}\n\n{_FOOT['zh-hans']}",
        },
        automatic=False, order=82,
    ),
    MailTemplateDeclaration(
        "planner.proposal_declined", _("Proposed time declined"), _FIELDS,
        {"en": "Stays as planned: {{meeting.title}}", "zh-hans": "时间不变：{{meeting.title}}"},
        {
            "en": "Thank you for proposing another time. "
            f"The meeting stays as planned: {{{{meeting.title}}}}\n\n{_FOOT['en']}",
            "zh-hans": f"感谢您提出其他时间，会议仍按原计划进行：{{{{meeting.title}}}}\n\n{_FOOT['zh-hans']}",
        },
        automatic=False, order=83,
    ),
)  # fmt: skip
