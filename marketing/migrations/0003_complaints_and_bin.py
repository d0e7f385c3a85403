from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketing", "0002_landing_pages")]

    operations = [
        migrations.RemoveConstraint(
            model_name="landingpage",
            name="one_landing_page_an_address",
        ),
        migrations.AddField(
            model_name="landingpage",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="landingpage",
            name="deleted_by_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="recipient",
            name="complained_at",
            field=models.DateTimeField(null=True, verbose_name="called it spam"),
        ),
        migrations.AlterField(
            model_name="response",
            name="kind",
            field=models.CharField(
                choices=[
                    ("open", "Opened"),
                    ("click", "Clicked"),
                    ("answer", "Answered"),
                    ("register", "Registered"),
                    ("attend", "Attended"),
                    ("lead", "Became a customer from a lead"),
                    ("unsubscribe", "Unsubscribed"),
                    ("complaint", "Called it spam"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.AddIndex(
            model_name="landingpage",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["-deleted_at"], name="landing_binned"
            ),
        ),
        migrations.AddConstraint(
            model_name="landingpage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=("brand", "slug"),
                name="one_live_page_an_address",
            ),
        ),
    ]
