import django.db.models.deletion
from django.db import migrations, models

import crm.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_customers_and_contacts"),
        ("knowledge", "0001_articles_and_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("times", models.IntegerField(default=1)),
                ("first_at", models.DateTimeField(default=crm.core.clock.now)),
                ("last_at", models.DateTimeField(default=crm.core.clock.now)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reads", to="knowledge.article"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="articles_read",
                        to="customers.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "article read",
                "verbose_name_plural": "articles read",
                "indexes": [models.Index(fields=["contact", "-last_at"], name="article_read_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "article"), name="one_row_a_reader_and_article")
                ],
            },
        ),
    ]
