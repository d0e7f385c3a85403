"""The first brand."""

from .models import Brand
from .sockets import Seed, seeds
from .translated import Translated


def seed_brand() -> None:
    if not Brand.objects.exists():
        Brand.objects.create(
            key="main",
            name=Translated({"en": "Yunfan Devices", "zh-hans": "云帆设备"}),
            sender_name=Translated({"en": "Yunfan support", "zh-hans": "云帆客服"}),
            sender_email="support@yunfan.example",
            is_default=True,
        )


seeds.register(Seed("core.brand", seed_brand, order=0))
