"""The pages of staff."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.core.sockets import activity_types
from crm.fields.tests.builders import make_field
from crm.testing.builders import make_user
from crm.testing.suites import CreateSuite, DeleteSuite, DetailSuite, ListSuite, UpdateSuite, signed_in
from knowledge.actions import save_text
from knowledge.models import Article, ArticleText, Category, Draft, SearchMiss

from .builders import SYSTEM, make_article, make_category

pytestmark = pytest.mark.django_db


class TestArticleList(ListSuite):
    url_name, permission = "knowledge:article_list", "knowledge.view"

    def make(self, count):
        return [make_article(f"Article {n}", publish=True) for n in range(count)]


class TestArticleDetail(DetailSuite):
    url_name, permission = "knowledge:article_detail", "knowledge.view"

    def argument(self, record):
        return record.number

    def make_one(self):
        return make_article("Printer", publish=True)


class TestArticleCreate(CreateSuite):
    url_name, permission, others = "knowledge:article_create", "knowledge.write", ("knowledge.view",)

    def rows(self):
        return Article.objects.all()

    def good(self):
        return {
            "title": "Printer", "language": "en", "category": make_category().pk, "visibility": "public",
            "body": "Words",
        }  # fmt: skip

    def bad(self):
        return {"title": ""}


class TestArticleUpdate(UpdateSuite):
    url_name, permission = "knowledge:article_update", "knowledge.write"
    others = ("knowledge.view", "knowledge.publish")

    def argument(self, record):
        return record.number

    def make_one(self):
        return make_article("Printer")

    def change(self):
        return {"slug": "another-address"}

    def bad(self):
        return {"slug": "not an address"}

    def rival(self, record):
        Article.objects.filter(pk=record.pk).update(slug="taken-meanwhile")

    def changed(self, record):
        return Article.objects.get(pk=record.pk).slug == "another-address"


class TestArticleDelete(DeleteSuite):
    url_name, permission, others = "knowledge:article_delete", "knowledge.delete", ("knowledge.view",)

    def argument(self, record):
        return record.number

    def make_one(self):
        return make_article("Printer", "Body", publish=True)


@pytest.fixture
def client():
    return signed_in(make_user("knowledge_editor"))


def edit_url(article, language="en"):
    return reverse("knowledge:text_edit", args=[article.number, language])


def test_a_reader_among_staff_sees_the_published_words_only():
    article = make_article("Published words", "Body", publish=True)
    save_text(actor=SYSTEM, article=article, language="en", title="Draft words", body="Unready", base=1)
    text = signed_in(make_user("agent")).get(article.get_absolute_url()).content.decode()
    assert "Body" in text and "Unready" not in text
    assert signed_in(make_user("agent")).get(make_article("Draft").get_absolute_url()).status_code == 404


def test_the_editor_shows_the_source_beside_and_what_changed_in_it(client):
    article = make_article("Source title", "one", chinese=("译文", "一"))
    save_text(actor=SYSTEM, article=article, language="en", title="Source title", body="one\ntwo", base=1)
    text = client.get(edit_url(article, "zh-hans")).content.decode()
    assert "Source title" in text and "<ins>" in text and "译文" in text


def test_saving_makes_a_version_and_ends_the_draft(client):
    article = make_article("A", "One")
    draft_url = reverse("knowledge:text_draft", args=[article.number, "en"])
    answer = client.post(draft_url, {"title": "A", "body": "Half a thou", "base": 1})
    assert answer.status_code == 200 and "Half a thou" in client.get(edit_url(article)).content.decode()
    assert "Half a thou" not in signed_in(make_user("knowledge_editor")).get(edit_url(article)).content.decode()
    answer = client.post(edit_url(article), {"title": "A", "body": "Two", "base": 1, "note": "shorter"})
    assert answer.status_code == 302 and not Draft.objects.exists()
    assert ArticleText.objects.get().version == 2


def test_a_conflict_keeps_what_was_typed_and_shows_the_other_text(client):
    article = make_article("A", "One")
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="Theirs", base=1)
    answer = client.post(edit_url(article), {"title": "A", "body": "Mine", "base": 1})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Mine" in text and "Theirs" in text


def test_what_a_company_asks_of_its_articles_is_for_staff_alone(client):
    make_field("text", key="audited_by", kind="article"), make_field("number", key="pages", kind="article")
    article = make_article("A", "One", publish=True)
    url = reverse("knowledge:article_update", args=[article.number])
    page = client.get(url).context["form"]
    sent = {name: value for name, value in page.initial.items() if value is not None}
    sent |= {"category": article.category_id, "owner": "", "custom_audited_by": "TÜV 7", "custom_pages": "many"}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and 'value="TÜV 7"' in answer.content.decode()
    assert client.post(url, {**sent, "custom_pages": "3"}).status_code == 302
    article.refresh_from_db()
    assert article.custom == {"audited_by": "TÜV 7", "pages": 3}
    told = Activity.objects.get(type=activity_types["knowledge.updated"].code).data
    assert told["changes"] == {"custom_audited_by": [None, "TÜV 7"], "custom_pages": [None, 3]}
    assert "TÜV 7" in client.get(article.get_absolute_url()).content.decode()
    assert "TÜV 7" not in client.get(article.public_url).content.decode()


def test_the_preview_is_clean(client):
    answer = client.post(reverse("knowledge:text_preview"), {"body": "**a** <script>x</script>"})
    assert "<strong>a</strong>" in answer.content.decode() and "<script>" not in answer.content.decode()


def test_publishing_from_an_old_page_is_a_conflict(client):
    article = make_article("A", "One")
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="Two", base=1)
    url = reverse("knowledge:text_publish", args=[article.number, "en"])
    assert client.post(url, {"version": 1}).status_code == 409
    assert client.post(url, {"version": 2}).status_code == 302
    assert ArticleText.objects.get().is_live


def test_versions_compare_and_come_back(client):
    article = make_article("A", "One")
    save_text(actor=SYSTEM, article=article, language="en", title="A", body="Two", base=1)
    url = reverse("knowledge:text_versions", args=[article.number, "en"])
    assert "<del>" in client.get(url).content.decode()
    client.post(reverse("knowledge:text_restore", args=[article.number, "en", 1]))
    assert ArticleText.objects.get().body == "One"


def test_a_search_in_vain_becomes_an_article(client):
    miss = SearchMiss.objects.create(query="rfid labels", language="en", count=3)
    assert "rfid labels" in client.get(reverse("knowledge:miss_list")).content.decode()
    create = reverse("knowledge:article_create")
    assert 'value="rfid labels"' in client.get(f"{create}?miss={miss.pk}").content.decode()
    client.post(create, {"title": "RFID labels", "language": "en", "category": make_category().pk,
                         "visibility": "public", "body": "Words", "miss": miss.pk})  # fmt: skip
    miss.refresh_from_db()
    assert miss.settled_at is not None and miss.article == Article.objects.get()


@pytest.mark.parametrize(
    ("view", "found"),
    [("translation", {"Untranslated", "Outdated"}), ("stale", set()), ("disliked", set())],
)
def test_views_of_what_needs_attention(client, view, found):
    make_article("Whole", chinese=("全", "文"), publish=True)
    make_article("Untranslated", publish=True)
    outdated = make_article("Outdated", chinese=("旧", "文"), publish=True)
    save_text(actor=SYSTEM, article=outdated, language="en", title="Outdated", body="New", base=1)
    text = client.get(reverse("knowledge:article_list"), {"attention": view, "own": "1"}).content.decode()
    assert {name for name in ("Whole", "Untranslated", "Outdated") if f'title="{name}"' in text} == found


def test_categories_are_added_and_an_article_keeps_one(client):
    data = {"name_en": "Printers", "name_zh_hans": "打印机", "icon": "print", "order": 5, "is_public": "on"}
    assert client.post(reverse("knowledge:category_create"), data).status_code == 302
    category = Category.objects.get(slug="printers")
    make_article(category=category)
    assert client.post(reverse("knowledge:category_delete", args=[category.pk])).status_code == 409
