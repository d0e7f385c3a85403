from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_bulk"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="complained_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="called spam"),
        ),
        migrations.AlterField(
            model_name="inboundmail",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("loop", "Our own mail came back"),
                    ("bounce", "Report of a mail that could not be delivered"),
                    ("complaint", "Report that our mail was called spam"),
                    ("report", "Read receipt"),
                    ("auto_reply", "Automatic reply, such as an absence notice"),
                    ("generated", "Sent by a program"),
                    ("list", "Sent through a mailing list"),
                    ("stranger", "The sender does not take part in the conversation"),
                    ("staff", "A colleague answered by mail"),
                    ("gone", "The record of the conversation was deleted"),
                    ("flood", "Too many mails from one address"),
                    ("duplicate", "The same mail was handled before"),
                    ("no_sender", "No address to answer to"),
                    ("no_handler", "Nothing here takes new mail. Choose what this mailbox makes of it"),
                    ("size", "Larger than 50 MB"),
                    ("headers", "Headers too long"),
                    ("depth", "Nested too deeply"),
                    ("parts", "Too many parts"),
                    ("time", "Took too long to read"),
                    ("unreadable", "Could not be read"),
                    ("failed", "Handling failed several times"),
                    ("discarded", "Discarded by a colleague"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
    ]
