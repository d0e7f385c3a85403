"""The topics a new company starts with."""

from crm.core.sockets import Seed, seeds
from crm.core.translated import Translated

from .models import Topic

TOPICS = {"news": ("News", "资讯"), "offers": ("Offers", "优惠"), "events": ("Events", "活动")}


def seed_topics() -> None:
    """Adds what is missing; a renamed topic keeps its name."""
    for order, (key, (english, chinese)) in enumerate(TOPICS.items(), start=1):
        Topic.objects.get_or_create(
            key=key, defaults={"name": Translated({"en": english, "zh-hans": chinese}), "order": order * 10}
        )


seeds.register(Seed("marketing.topics", seed_topics, order=80))
