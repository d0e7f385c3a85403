"""Texts of one or two characters, as most Chinese words are, are found by an index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from crm.core.containing import Characters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0013_index_of_answers")]

    operations = [
        AddIndexConcurrently("ticket", GinIndex(Characters("search_key"), name="ticket_search_chars")),
    ]
