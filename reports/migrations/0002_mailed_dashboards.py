import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whole dashboards are mailed too."""

    dependencies = [("reports", "0001_dashboards_and_mailed_reports")]

    operations = [
        migrations.AlterField(
            "mailedreport", "report", models.CharField(blank=True, max_length=60, verbose_name="report")
        ),
        migrations.AddField(
            "mailedreport",
            "dashboard",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mails",
                to="reports.dashboard",
                verbose_name="dashboard",
            ),
        ),
        migrations.AddConstraint(
            "mailedreport",
            models.CheckConstraint(
                condition=models.Q(("dashboard__isnull", False), ("report", ""))
                | models.Q(models.Q(("report", ""), _negated=True), ("dashboard__isnull", True)),
                name="mailed_report_or_dashboard",
            ),
        ),
    ]
