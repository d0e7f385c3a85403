"""What a contact read goes over when two contacts become one."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

from .models import ArticleRead


def _read_already(new: int) -> Q:
    return Q(article__in=list(ArticleRead.objects.filter(contact=new).values_list("article", flat=True)))


lifecycles.register(
    moving(
        "knowledge.reads", "contact", _("Articles read"), "knowledge.ArticleRead.contact", stays=_read_already
    )
)  # fmt: skip
