"""A mail server that keeps what it is given."""

import email
import email.policy
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from crm.launch.ports import any_free_port


class SmtpSink:
    """Listens on loopback. `messages` are parsed; `refuse_with` (such as "451 later") makes it say no."""

    def __init__(self, port: int | None = None) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse_with = ""
        self.port = port or any_free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each message."""
        if self.refuse_with:
            return self.refuse_with
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK"

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def sent_to(self, address: str) -> list[EmailMessage]:
        """The messages that this address got, oldest first."""
        return [message for message in self.messages if address in message["X-Envelope-To"]]

    def wait_for(
        self, wanted: Callable[[EmailMessage], bool] = lambda _message: True, timeout_seconds: float = 60
    ) -> EmailMessage:
        """The first message that is wanted, now or until the time is over. Raises AssertionError."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            for message in list(self.messages):
                if wanted(message):
                    return message
            if time.monotonic() > deadline:
                subjects = [message["Subject"] for message in self.messages]
                raise AssertionError(f"no such mail within {timeout_seconds} s; there were {subjects}")
            time.sleep(0.05)
