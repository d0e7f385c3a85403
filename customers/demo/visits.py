"""A visit of last week for some customers: where it was and a photo, logged by whoever owns them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from django.core.files.base import ContentFile
from PIL import Image

from crm.accounts.access import actor_for
from crm.core.demo import DemoContext

from ..actions import log_interaction
from ..choices import InteractionKind
from ..models import Customer

_WORDS = (
    ("Walked through the warehouse with them; the old printers go in spring.", "Harbour Road 12, gate 3"),
    ("与仓库主管一起看了现场，旧打印机计划开春更换。", "苏州工业园区星湖街 12 号 3 号门"),
)
_WHERE = (Decimal("31.312000"), Decimal("120.723000"))


def make_visits(context: DemoContext) -> None:
    """Two in each language, by the page's own action."""
    context.progress.start("Visits")
    for language, words in (("en", _WORDS[0]), ("zh-hans", _WORDS[1])):
        rows = Customer.objects.external().filter(owner__isnull=False, language=language).select_related("owner")
        for number, customer in enumerate(rows.order_by("pk")[:2]):
            assert customer.owner is not None
            log_interaction(
                actor=actor_for(customer.owner), customer=customer, kind=InteractionKind.VISIT, text=words[0],
                happened_at=context.now - dt.timedelta(days=5 + number), minutes=50, place=words[1],
                position=_WHERE, photos=[_photo(number)],
            )  # fmt: skip
    context.progress.advance()


def _photo(number: int) -> ContentFile[bytes]:
    """A plain picture in the place of one from a camera."""
    drawn = Image.linear_gradient("L").resize((480, 360)).rotate(90 * number, expand=False)
    target = io.BytesIO()
    drawn.convert("RGB").save(target, "JPEG")
    return ContentFile(target.getvalue(), f"visit-{number + 1}.jpg")
