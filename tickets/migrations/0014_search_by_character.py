"""Texts of one or two characters, as most Chinese words are, are found by an index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from crm.core.containing import Characters


class Migration(migrations.Migration):
    atomic = False

    #: Its name before numbers followed the order: who applied that one has applied this one.
    replaces = [("tickets", "0015_search_by_character")]

    dependencies = [("tickets", "0013_index_of_answers")]

    operations = [
        AddIndexConcurrently("ticket", GinIndex(Characters("search_key"), name="ticket_search_chars")),
    ]
