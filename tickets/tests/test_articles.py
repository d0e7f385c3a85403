"""Articles at the desk: beside the ticket, in the composer, from a solved ticket, and what the form remembers."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.testing.suites import signed_in
from knowledge.choices import UseKind
from knowledge.models import ArticleDay, ArticleUse
from knowledge.selectors import figures
from knowledge.tests.builders import make_article
from tickets.actions import reply
from tickets.articles import link_to, note_read_before, offered, suggested
from tickets.models import Ticket

from .builders import deliver, make_agent, make_request_type, make_team, resolved, staff, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent(make_team(), role="supervisor")


@pytest.fixture
def ticket(agent):
    asked = make_request_type(team=agent.memberships.get().team)
    return submit(asked, subject="打印机离线", description="升级后一直离线", language="zh-hans")


@pytest.fixture
def article():
    return make_article("Printer goes offline", "Words", chinese=("更新后打印机离线", "打印机升级后离线"), publish=True)


def test_the_ticket_s_language_is_suggested_first(agent, ticket, article):
    assert [text.language for text in suggested(staff(agent), ticket)] == ["zh-hans"]
    text = suggested(staff(agent), ticket)[0]
    assert link_to(ticket, text).endswith(f"/help/articles/{article.slug}/?lang=zh-hans")


def test_customers_are_never_sent_an_internal_article(agent, ticket):
    make_article("x", chinese=("打印机离线内部", "打印机升级后离线"), visibility="internal", publish=True)
    assert suggested(staff(agent), ticket)
    assert offered(staff(agent), ticket, "") == [] and offered(staff(agent), ticket, "打印机") == []
    url = reverse("tickets:ticket_articles", args=[ticket.number])
    assert "data-text" not in signed_in(agent).get(url, {"q": "打印机"}).content.decode()


def test_two_question_marks_offer_links(agent, ticket, article):
    url = reverse("tickets:ticket_articles", args=[ticket.number])
    text = signed_in(agent).get(url, {"q": "离线"}, headers={"HX-Request": "true"}).content.decode()
    assert f"/help/articles/{article.slug}/?lang=zh-hans" in text


def test_a_solved_ticket_begins_an_article(agent, ticket):
    ticket = resolved(agent, ticket)
    url = f"{reverse('knowledge:article_create')}?about=ticket:{ticket.pk}"
    text = signed_in(agent).get(url).content.decode()
    assert ticket.subject in text and ticket.solution.split(".")[0] in text


def test_what_is_outside_the_scope_begins_nothing(ticket):
    outsider = make_agent(make_team(), role="senior_agent")
    assert not Ticket.objects.visible_to(staff(outsider)).filter(pk=ticket.pk).exists()
    url = f"{reverse('knowledge:article_create')}?about=ticket:{ticket.pk}"
    assert signed_in(outsider).get(url).status_code == 404


def test_a_ticket_sent_after_reading_counts_against_the_article(ticket, article):
    note_read_before(ticket, [article.slug, "no-such-article"])
    use = ArticleUse.objects.get()
    assert (use.article, use.object_id, use.how) == (article, ticket.pk, UseKind.READ_BEFORE)
    assert [row.sent for row in ArticleDay.objects.all()] == [1]


def test_saved_tickets_are_readers_about_to_write_less_those_who_wrote(article):
    ArticleDay.objects.create(article=article, language="en", day="2020-01-01", views=9, from_form=9)
    ArticleDay.objects.create(
        article=article, language="en", day=timezone.localdate(), views=20, from_form=6, stuck=4, sent=3
    )
    found = figures(article)
    assert (found.asking, found.saved, found.saved_percent) == (10, 7, 70)


def test_a_link_in_a_reply_ties_the_article_to_the_ticket(agent, ticket, article):
    body = f"请看 {link_to(ticket, suggested(staff(agent), ticket)[0])}"
    reply(actor=staff(agent), ticket=ticket, body=body, form_key="reply-key-0000001")
    deliver()
    assert ArticleUse.objects.filter(article=article, object_id=ticket.pk, how=UseKind.SENT).count() == 1


def test_the_form_carries_what_was_read(client, article):
    make_request_type("other")
    text = client.get(f"/help/tickets/new/?article={article.slug}").content.decode()
    assert f'<input type="hidden" name="article" value="{article.slug}">' in text
    assert "data-suggest-articles" in text
