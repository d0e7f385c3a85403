"""The wording of reports that are mailed to staff."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

#: What both letters may fill in, and how both end.
_BOTH = {
    "user.name": _("The person's name"),
    "settings.link": _("Link to the reports one is mailed, to stop them"),
}
_END_EN = "\n\nYou can stop this mail here: {{settings.link}}"
_END_ZH = "\n\n如不想再收到，可在此停止：{{settings.link}}"
_REPORT = "{{report.finding}}\n\n{{report.table}}\n\n{{report.about}}\n\n"
_DASHBOARD = "{{dashboard.reports}}\n\n---\n\n"

mail_templates.register(
    MailTemplateDeclaration(
        key="reports.mailed",
        label=_("Report by mail"),
        placeholders={
            **_BOTH,
            "report.question": _("What the report asks"),
            "report.finding": _("The answer in one sentence"),
            "report.about": _("How it counts, and the days"),
            "report.table": _("The figures, line by line"),
            "report.link": _("Link to the report"),
        },
        subject=dict.fromkeys(("en", "zh-hans"), "{{report.question}}"),
        body={
            "en": _REPORT + "Open the report {{report.link}}" + _END_EN,
            "zh-hans": _REPORT + "打开报表 {{report.link}}" + _END_ZH,
        },
    ),
    MailTemplateDeclaration(
        key="reports.dashboard_mailed",
        label=_("Dashboard by mail"),
        placeholders={
            **_BOTH,
            "dashboard.name": _("The dashboard's name"),
            "dashboard.reports": _("Each of its reports that the person may read: question, answer, figures, link"),
            "dashboard.link": _("Link to the dashboard"),
        },
        subject=dict.fromkeys(("en", "zh-hans"), "{{dashboard.name}}"),
        body={
            "en": _DASHBOARD + "Open the dashboard {{dashboard.link}}" + _END_EN,
            "zh-hans": _DASHBOARD + "打开仪表盘 {{dashboard.link}}" + _END_ZH,
        },
    ),
)
