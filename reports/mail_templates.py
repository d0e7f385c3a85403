"""The wording of reports that are mailed to staff."""

from django.utils.translation import gettext_lazy as _

from crm.messaging.declarations import MailTemplateDeclaration, mail_templates

mail_templates.register(
    MailTemplateDeclaration(
        key="reports.mailed",
        label=_("Report by mail"),
        placeholders={
            "user.name": _("The person's name"),
            "report.question": _("What the report asks"),
            "report.finding": _("The answer in one sentence"),
            "report.about": _("How it counts, and the days"),
            "report.table": _("The figures, line by line"),
            "report.link": _("Link to the report"),
            "settings.link": _("Link to the reports one is mailed, to stop them"),
        },
        subject={"en": "{{report.question}}", "zh-hans": "{{report.question}}"},
        body={
            "en": "{{report.finding}}\n\n{{report.table}}\n\n{{report.about}}\n\nOpen the report {{report.link}}\n\n"
            "You can stop this mail here: {{settings.link}}",
            "zh-hans": "{{report.finding}}\n\n{{report.table}}\n\n{{report.about}}\n\n打开报表 {{report.link}}\n\n"
            "如不想再收到，可在此停止：{{settings.link}}",
        },
    )
)
mail_templates.register(
    MailTemplateDeclaration(
        key="reports.dashboard_mailed",
        label=_("Dashboard by mail"),
        placeholders={
            "user.name": _("The person's name"),
            "dashboard.name": _("The dashboard's name"),
            "dashboard.reports": _("Each of its reports that the person may read: question, answer, figures, link"),
            "dashboard.link": _("Link to the dashboard"),
            "settings.link": _("Link to the reports one is mailed, to stop them"),
        },
        subject={"en": "{{dashboard.name}}", "zh-hans": "{{dashboard.name}}"},
        body={
            "en": "{{dashboard.reports}}\n\n---\n\nOpen the dashboard {{dashboard.link}}\n\n"
            "You can stop this mail here: {{settings.link}}",
            "zh-hans": "{{dashboard.reports}}\n\n---\n\n打开仪表板 {{dashboard.link}}\n\n"
            "如不想再收到，可在此停止：{{settings.link}}",
        },
    )
)
