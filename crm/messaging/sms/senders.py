"""Who hands text messages to the network: chosen by `SMS_URL`, the same three calls whoever it is."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.phones import country_of, masked_phone

from ..outcomes import Failure, Outcome, Taken

if TYPE_CHECKING:
    from ..models import OutgoingSms

logger = logging.getLogger(__name__)


class SmsSender(ABC):
    """A way out for text messages. `name` is what Settings shows."""

    name: Any = ""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options

    def reaches(self, phone: str) -> bool:
        """Whether it takes this number (E.164): its country is among those of `SMS_URL`, or none are named."""
        countries = self.options.get("countries") or []
        return not countries or country_of(phone) in countries

    @abstractmethod
    def send(self, sms: OutgoingSms) -> Outcome:
        """Hands it over, once; called outside any transaction, and returns within `SMS_TIMEOUT` seconds a step."""

    def find(self, sms: OutgoingSms) -> Taken | None:
        """The gateway's record of an earlier attempt that never reported back, so that nobody gets it twice."""
        return None


class NoSender(SmsSender):
    """No text messages: whoever left only a number is called."""

    name = _("No text messages")

    def reaches(self, phone: str) -> bool:
        return False

    def send(self, sms: OutgoingSms) -> Outcome:
        return Failure(str(_("No gateway is set. Set SMS_URL")), is_permanent=True)


class ConsoleSender(SmsSender):
    """For development and demonstration: one readable file a message in `DATA_DIR/sms`, and a line in the log."""

    name = _("Files on this server (nothing is sent)")

    def send(self, sms: OutgoingSms) -> Outcome:
        folder = Path(settings.SMS["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        head = f"To: {sms.to_phone}\nParts: {sms.parts}\nDate: {clock.now().isoformat()}\n\n"
        (folder / f"{sms.pk:08d}.txt").write_text(f"{head}{sms.text}\n", encoding="utf-8")
        logger.info("text message %s to %s in %s parts", sms.pk, masked_phone(sms.to_phone), sms.parts)
        return Taken(f"console-{sms.key}")


def sender() -> SmsSender:
    """The one that `SMS_URL` names."""
    from .twilio import TwilioSender

    senders: dict[str, type[SmsSender]] = {"none": NoSender, "console": ConsoleSender, "twilio": TwilioSender}
    return senders[settings.SMS["sender"]](settings.SMS)
