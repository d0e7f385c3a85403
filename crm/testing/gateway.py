"""A text message gateway that speaks as Twilio's Messages API does and keeps what it is given."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ACCOUNT, TOKEN, ORIGIN = "AC00000000000000000000000000000001", "fake-token", "+15005550006"


class FakeGateway:
    """Listens on loopback. `messages` are the forms it took; `answers` says no in turn before it says yes.

    An answer is (status, headers, body); `swallow` takes a message and never says so; `delay_seconds` is silence.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.answers: list[tuple[int, dict[str, str], dict[str, Any]]] = []
        self.swallow = False
        self.delay_seconds = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port

    @property
    def settings(self) -> dict[str, Any]:
        """For `settings.SMS`."""
        return {
            "sender": "twilio", "countries": [], "account": ACCOUNT, "token": TOKEN, "origin": ORIGIN,
            "host": "127.0.0.1", "port": self.port, "secure": False,
        }  # fmt: skip

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        """Keeps a message as the gateway would."""
        sid = f"SM{len(self.messages) + 1:032d}"
        self.messages.append({**fields, "sid": sid, "at": formatdate(time.time())})
        return {"sid": sid, "status": "queued"}

    def listed(self, phone: str) -> dict[str, Any]:
        """What it took for a number, newest first."""
        rows = [
            {"sid": row["sid"], "body": row["Body"], "status": "sent", "date_created": row["at"]}
            for row in self.messages
            if row["To"] == phone
        ]
        return {"messages": rows[::-1]}


def signed(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    """The signature of a call from the gateway."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


@contextmanager
def gateway() -> Iterator[FakeGateway]:
    """A running one."""
    fake = FakeGateway()
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()


def _handler(fake: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = dict(parse_qsl(raw, keep_blank_values=True))
            fake.requests.append(("POST", self.path, fields))
            time.sleep(fake.delay_seconds)
            if not self.may():
                return
            if fake.answers:
                self.say(*fake.answers.pop(0))
                return
            answer = fake.take(fields)
            if fake.swallow:
                self.close_connection = True
                self.connection.close()
                return
            self.say(201, {}, answer)

        def do_GET(self) -> None:
            fake.requests.append(("GET", self.path, {}))
            if self.may():
                self.say(200, {}, fake.listed(dict(parse_qsl(urlsplit(self.path).query)).get("To", "")))

        def may(self) -> bool:
            expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            if self.headers["Authorization"] == f"Basic {expected}":
                return True
            self.say(401, {}, {"code": 20003, "message": "Authenticate", "status": 401})
            return False

        def say(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *arguments: Any) -> None:
            """Nothing on the terminal."""

    return Handler
