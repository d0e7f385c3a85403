"""Two people at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from crm.core.actor import Actor
from knowledge.actions import count_reading, publish_text, save_text
from knowledge.exceptions import TextChanged
from knowledge.models import ArticleDay, Version

from .builders import SYSTEM, make_article

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls):
    """Runs the calls at the same moment, each on a connection of its own; returns what each raised or None."""
    gate, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(at, call):
        try:
            gate.wait(10)
            call()
        except Exception as error:
            outcomes[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def save(article, body):
    return lambda: save_text(actor=SYSTEM, article=article, language="en", title="A", body=body, base=1)


def test_one_of_two_who_save_the_same_text_is_told(seeded):
    article = make_article("A", "One")
    outcomes = together(save(article, "Two"), save(article, "Three"))
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [TextChanged]
    assert Version.objects.filter(text__article=article).count() == 2


def test_publishing_while_somebody_saves_shows_what_the_publisher_saw_or_nothing(seeded):
    article = make_article("A", "One")
    outcomes = together(
        save(article, "Two"), lambda: publish_text(actor=SYSTEM, article=article, language="en", version=1)
    )
    text = article.texts.select_related("published_version").get()
    if outcomes[1] is None:
        assert text.published_version.body == "One"
    else:
        assert isinstance(outcomes[1], TextChanged) and not text.is_live
    assert outcomes[0] is None and text.version == 2


def test_no_reader_is_lost_when_many_read_at_once(seeded):
    article = make_article("A", publish=True)

    def read():
        count_reading(actor=Actor.guest(), article=article, language="en", counter="views")

    assert together(*[read] * 8) == [None] * 8
    assert sum(ArticleDay.objects.values_list("views", flat=True)) == 8


@pytest.fixture
def seeded():
    from crm.core.seeding import seed

    seed()
