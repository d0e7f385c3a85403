"""Writing, reviewing, publishing; and what each verb refuses."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.core.sockets import activity_types
from crm.testing.builders import make_user, staff
from knowledge import selectors
from knowledge.actions import (
    approve_text,
    ask_review,
    delete_article,
    delete_category,
    erase_article,
    give_feedback,
    note_miss,
    publish_due,
    publish_text,
    restore_article,
    restore_version,
    save_category,
    save_text,
    schedule_text,
    send_back,
    unpublish_text,
    update_article,
)
from knowledge.exceptions import CategoryInUse, NothingToPublish, NotPublished, TextChanged
from knowledge.models import Article, ArticleText, Feedback, SearchMiss

from .builders import SYSTEM, make_article, make_category

pytestmark = pytest.mark.django_db


def editor():
    return staff(make_user("knowledge_editor"))


def deeds(article, key):
    return Activity.objects.filter(object_id=article.pk, type=activity_types[key].code).count()


def test_what_readers_see_changes_only_by_publishing():
    article, actor = make_article("First", "One", publish=True), editor()
    save_text(actor=actor, article=article, language="en", title="Second", body="Two", base=1)
    text = article.texts.get()
    assert (text.state, text.published_version.title) == ("draft", "First")
    publish_text(actor=actor, article=article, language="en", version=2)
    text.refresh_from_db()
    assert (text.state, text.published_version.title, text.versions.count()) == ("published", "Second", 2)


def test_a_colleague_s_newer_version_is_not_overwritten_nor_published_unseen():
    article, actor = make_article("A", "One"), editor()
    save_text(actor=actor, article=article, language="en", title="A", body="Two", base=1)
    with pytest.raises(TextChanged):
        save_text(actor=actor, article=article, language="en", title="A", body="Mine", base=1)
    with pytest.raises(TextChanged):
        publish_text(actor=actor, article=article, language="en", version=1)
    assert not article.texts.get().is_live


def test_the_same_words_make_no_version_and_publishing_twice_one_deed():
    article, actor = make_article("A", "One"), editor()
    save_text(actor=actor, article=article, language="en", title="A", body="One", base=1)
    assert article.texts.get().version == 1
    for _time in range(2):
        publish_text(actor=actor, article=article, language="en", version=1)
    assert deeds(article, "knowledge.published") == 1


def test_who_may_not_publish_asks_for_a_review():
    article, writer = make_article("A"), staff(make_user("senior_agent"))
    with pytest.raises(NotAllowed):
        publish_text(actor=writer, article=article, language="en", version=1)
    ask_review(actor=writer, article=article, language="en")
    with pytest.raises(NotAllowed):
        approve_text(actor=writer, article=article, language="en", version=1)
    reviewer = editor()
    approve_text(actor=reviewer, article=article, language="en", version=1)
    assert article.texts.get().reviewed_by_id == reviewer.user_id
    with pytest.raises(Invalid):
        send_back(actor=reviewer, article=article, language="en", note=" ")
    send_back(actor=reviewer, article=article, language="en", note="Steps are missing")
    text = article.texts.get()
    assert (text.state, text.reviewed_by_id) == ("draft", None)


def test_an_empty_text_is_not_published():
    article = make_article("A", "")
    with pytest.raises(NothingToPublish):
        publish_text(actor=editor(), article=article, language="en", version=1)
    with pytest.raises(NotPublished):
        unpublish_text(actor=editor(), article=article, language="en")


def test_a_plan_publishes_the_version_it_was_made_for_once():
    article, actor = make_article("A", "One"), editor()
    at = clock.now() + dt.timedelta(hours=1)
    with pytest.raises(Invalid):
        schedule_text(actor=actor, article=article, language="en", version=1, at=clock.now() - dt.timedelta(hours=1))
    schedule_text(actor=actor, article=article, language="en", version=1, at=at)
    save_text(actor=actor, article=article, language="en", title="A", body="Later words", base=1)
    assert publish_due(actor=SYSTEM) == 0
    ArticleText.objects.update(publish_at=clock.now() - dt.timedelta(minutes=1))
    assert (publish_due(actor=SYSTEM), publish_due(actor=SYSTEM)) == (1, 0)
    text = article.texts.get()
    assert (text.published_version.body, text.state, text.publish_at) == ("One", "draft", None)


def test_a_plan_of_somebody_who_left_is_dropped():
    article, user = make_article("A", "One"), make_user("knowledge_editor")
    schedule_text(actor=staff(user), article=article, language="en", version=1, at=clock.now() + dt.timedelta(hours=1))
    user.is_active = False
    user.save()
    ArticleText.objects.update(publish_at=clock.now() - dt.timedelta(minutes=1))
    publish_due(actor=SYSTEM)
    assert not article.texts.get().is_live


def test_a_translation_knows_when_its_source_changed():
    article = make_article("A", "One", chinese=("甲", "一"))
    chinese = article.texts.get(language="zh-hans")
    assert not chinese.is_outdated
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="Two", base=1)
    fresh = Article.objects.prefetch_related("texts").get(pk=article.pk)
    assert fresh.text_in("zh-hans").is_outdated
    save_text(actor=SYSTEM, article=article, language="zh-hans", title="甲", body="二", base=1, source_version=2)
    fresh = Article.objects.prefetch_related("texts").get(pk=article.pk)
    assert not fresh.text_in("zh-hans").is_outdated


def test_an_older_version_comes_back_as_a_new_one():
    article = make_article("A", "One")
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="Two", base=1)
    restore_version(actor=SYSTEM, article=article, language="en", number=1, base=2)
    text = article.texts.get()
    assert (text.version, text.body) == (3, "One")


def test_an_address_that_moved_is_nobody_else_s():
    article, other = make_article("A"), make_article("B")
    first = article.slug
    update_article(actor=SYSTEM, article=article, values={"slug": "new-place"})
    with pytest.raises(Invalid):
        update_article(actor=SYSTEM, article=other, values={"slug": first})
    update_article(actor=SYSTEM, article=article, values={"slug": first})
    assert Article.objects.get(pk=article.pk).slug == first


def test_only_who_publishes_shows_a_published_article_to_everyone():
    article = make_article("A", visibility="internal", publish=True)
    with pytest.raises(NotAllowed):
        update_article(actor=staff(make_user("senior_agent")), article=article, values={"visibility": "public"})
    update_article(actor=editor(), article=article, values={"visibility": "public"})


def test_the_bin_takes_an_article_from_readers_and_gives_it_back():
    article, actor = make_article("A", publish=True), editor()
    delete_article(actor=actor, article=article)
    assert not Article.objects.public().exists()
    restore_article(actor=actor, article=article)
    assert Article.objects.public().exists()
    delete_article(actor=actor, article=article)
    erase_article(actor=actor, article=article)
    assert not Article.all_objects.filter(pk=article.pk).exists()


def test_categories_have_two_levels_and_keep_their_articles():
    actor, top = editor(), make_category()
    below = save_category(actor=actor, values={"name": {"en": "Below"}, "parent": top})
    with pytest.raises(Invalid):
        save_category(actor=actor, values={"name": {"en": "Too deep"}, "parent": below})
    make_article(category=below)
    with pytest.raises(CategoryInUse):
        delete_category(actor=actor, record=below)


def test_the_third_no_is_told_once():
    article = make_article("A", publish=True)
    for _time in range(4):
        give_feedback(actor=Actor.guest(), article=article, language="en", helpful=False, reason="wrong")
    assert deeds(article, "knowledge.disliked") == 1
    assert Feedback.objects.filter(version=1).count() == 4


@pytest.mark.parametrize("query", ["me@example.test", "13800001111", "138 0000 1111", "x"])
def test_a_miss_that_may_tell_who_asked_is_not_kept(query):
    note_miss(actor=Actor.guest(), query=query, language="en")
    assert not SearchMiss.objects.exists()


def test_misses_are_counted_folded():
    for query in ("RFID  Labels", "rfid labels"):
        note_miss(actor=Actor.guest(), query=query, language="en")
    assert SearchMiss.objects.get().count == 2


def test_a_difference_says_what_came_and_went():
    article = make_article("A", "one\ntwo")
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="one\nthree", base=1)
    old, new = article.texts.get().versions.order_by("number")
    signs = [(line.sign, line.text) for line in selectors.difference(old, new) if line.sign in "+-"]
    assert signs == [("-", "two"), ("+", "three")]
