"""What stands beside an article: how it was used, and what readers said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, panels
from crm.files.selectors import attachments_of
from customers.models import Contact, Customer

from . import selectors
from .models import Article, ArticleRead, Feedback

SHOWN = 8


def use(actor: Actor, article: Article) -> dict[str, Any]:
    """Figures of thirty days."""
    return {"figures": selectors.figures(article)}


def feedback(actor: Actor, article: Article) -> dict[str, Any]:
    """The latest verdicts, those with words first worth reading."""
    rows = Feedback.objects.filter(article=article).order_by("-at")
    return {"verdicts": list(rows[:SHOWN])}


def files(actor: Actor, article: Article) -> dict[str, Any]:
    """Files and pictures, with what to write to show a picture."""
    return {
        "article": article,
        "files": attachments_of(actor, "article", [article.pk]).get(article.pk, []),
        "may_write": actor.can("knowledge.write"),
    }


def reads(actor: Actor, subject: Contact | Customer) -> dict[str, Any]:
    """What a contact, or the people of a customer, read while signed in to the portal, newest first. Two queries."""
    is_person = isinstance(subject, Contact)
    rows = ArticleRead.objects.visible_to(actor).filter(**{"contact" if is_person else "contact__customer": subject})
    rows = rows.select_related("contact", "article").prefetch_related("article__texts")
    return {"reads": list(rows.order_by("-last_at", "-pk")[:SHOWN]), "is_person": is_person}


_SEE = "knowledge.view"

panels.register(
    Panel("knowledge.use", "article", _("Use, 30 days"), "knowledge/panels/_use.html", use, _SEE, order=10),
    Panel("knowledge.files", "article", _("Files and pictures"), "knowledge/panels/_files.html", files, _SEE, order=20),
    Panel("knowledge.feedback", "article", _("What readers say"), "knowledge/panels/_feedback.html", feedback, _SEE,
          order=30),
    Panel("knowledge.reads_customer", "customer", _("Articles read"), "knowledge/panels/_reads.html", reads, _SEE,
          order=80),
    Panel("knowledge.reads_contact", "contact", _("Articles read"), "knowledge/panels/_reads.html", reads, _SEE,
          order=80),
)  # fmt: skip
