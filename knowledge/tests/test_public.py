"""What readers outside get: only what is published for everyone, in a language they read, without being known."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from knowledge.actions import save_text, update_article
from knowledge.models import ArticleDay, Feedback, SearchMiss

from .builders import SYSTEM, make_article, make_category

pytestmark = pytest.mark.django_db


def page(client, article, **query):
    return client.get(article.public_url, query)


def hidden_articles():
    closed = make_category(is_public=False)
    below = make_category(parent=closed)
    return [
        make_article("Hidden internal", "hiddenword", visibility="internal", publish=True),
        make_article("Hidden draft", "hiddenword"),
        make_article("Hidden shelf", "hiddenword", category=closed, publish=True),
        make_article("Hidden below", "hiddenword", category=below, publish=True),
    ]


def test_internal_articles_are_nowhere_outside(client):
    make_article("Shown", "shownword", publish=True)
    articles = hidden_articles()
    for article in articles:
        assert page(client, article).status_code == 404
        for verb in ("article_verdict", "article_stuck"):
            assert client.post(reverse(f"articles:{verb}", args=[article.slug]), {"language": "en"}).status_code == 404
    places = ["/help/", "/help/sitemap.xml", "/help/search/?q=hiddenword", "/help/search/suggest/?q=hidden+shelf"]
    places += [f"/help/search/?q={word}" for word in ("hidden", "hidden+internal")]
    for place in places:
        text = client.get(place).content.decode()
        assert "Hidden " not in text and not any(article.slug in text for article in articles), place
    for category in {article.category for article in articles[2:]}:
        assert client.get(reverse("articles:category", args=[category.slug])).status_code == 404


def test_staff_see_in_the_help_centre_what_everybody_sees():
    article = make_article("Hidden", visibility="internal", publish=True)
    assert signed_in(make_user("knowledge_editor")).get(article.public_url).status_code == 404


def test_a_link_to_an_internal_article_is_plain_words_outside(client):
    secret = make_article("Secret", visibility="internal", publish=True)
    article = make_article("A", f"See [this]({'kb:' + secret.label}).", publish=True)
    text = page(client, article).content.decode()
    assert "See this." in text and secret.slug not in text


def test_the_other_language_is_offered_and_missing_ones_fall_back_with_a_notice(client):
    article = make_article("English words", "Body", chinese=("中文标题", "正文"), publish=True)
    assert "中文标题" in page(client, article, lang="zh-hans").content.decode()
    only = make_article("Only English", "Body", publish=True)
    text = page(client, only, lang="zh-hans").content.decode()
    assert "Only English" in text and 'role="note"' in text
    assert 'role="note"' not in page(client, article, lang="zh-hans").content.decode()


def test_a_former_address_leads_to_the_present_one(client):
    article = make_article("A", publish=True)
    old = article.public_url
    update_article(actor=SYSTEM, article=article, values={"slug": "moved"})
    answer = client.get(f"{old}?lang=en")
    assert (answer.status_code, answer["Location"]) == (301, "/help/articles/moved/?lang=en")


def test_links_between_articles_survive_a_move(client):
    target = make_article("Target", publish=True)
    article = make_article("A", f"[go](kb:{target.label})", publish=True)
    update_article(actor=SYSTEM, article=target, values={"slug": "elsewhere"})
    assert 'href="/help/articles/elsewhere/"' in page(client, article).content.decode()


def test_readers_see_the_published_version_not_the_draft(client):
    article = make_article("Public words", "Body", publish=True)
    save_text(actor=SYSTEM, article=article, language="en", title="Draft words", body="Unready", base=1)
    text = page(client, article).content.decode()
    assert "Public words" in text and "Draft words" not in text and "Unready" not in text


def test_a_verdict_is_kept_without_a_name_and_limited(client):
    article = make_article("A", publish=True)
    url = reverse("articles:article_verdict", args=[article.slug])
    answer = client.post(url, {"language": "en", "helpful": "no", "reason": "unclear", "comment": "Why?\x00"})
    assert answer.status_code == 302
    verdict = Feedback.objects.get()
    assert (verdict.helpful, verdict.reason, verdict.comment) == (False, "unclear", "Why?")
    assert {field.name for field in Feedback._meta.fields} == {
        "id", "article", "language", "version", "helpful", "reason", "comment", "source", "at",
    }  # fmt: skip
    assert client.post(url, {"language": "xx", "helpful": "yes"}).status_code == 404
    for _time in range(40):
        client.post(url, {"language": "en", "helpful": "yes"})
    assert Feedback.objects.count() == 30
    assert not [name for name in client.cookies if name not in {"csrftoken", "messages"}]


def test_people_are_counted_machines_and_staff_are_not(client):
    article = make_article("A", publish=True)
    page(client, article)
    client.get(article.public_url, headers={"User-Agent": "Googlebot/2.1"})
    signed_in(make_user("agent")).get(article.public_url)
    client.get(f"{article.public_url}?from=form")
    client.post(reverse("articles:article_stuck", args=[article.slug]), {"language": "en"})
    counted = [sum(getattr(row, name) for row in ArticleDay.objects.all()) for name in ("views", "from_form", "stuck")]
    assert counted == [2, 1, 1]


def test_still_need_help_leads_to_the_form_which_remembers_the_article(client):
    article = make_article("A", publish=True)
    answer = client.post(reverse("articles:article_stuck", args=[article.slug]), {"language": "en"})
    assert answer["Location"] == f"/help/tickets/new/?article={article.slug}"


def test_search_tells_editors_what_is_missing(client):
    make_article("Printer", publish=True)
    client.get("/help/search/?q=rfid+labels")
    client.get("/help/search/?q=printer")
    assert [row.query for row in SearchMiss.objects.all()] == ["rfid labels"]


def test_nothing_is_kept_by_caches_between_us_and_the_reader(client):
    article = make_article("A", publish=True)
    answer = page(client, article)
    assert answer["Cache-Control"] == "private, no-cache" and "Cookie" in answer["Vary"]
    assert client.get("/help/sitemap.xml")["Cache-Control"] == "public, max-age=3600"
    assert 'rel="canonical" href="http' in answer.content.decode()
    assert "noindex" in client.get("/help/search/?q=a").content.decode()


def test_an_article_page_takes_few_queries(client, django_assert_max_num_queries):
    article = make_article("A", "See [x](kb:1)", chinese=("甲", "一"), publish=True)
    page(client, article)
    with django_assert_max_num_queries(22):
        page(client, article)
