"""Callers of the API, and an address that webhooks are told."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.integrations.actions import make_token
from crm.integrations.models import ApiToken


class Caller:
    """Another system with a token: `caller.get("tickets/")`, `caller.post("tickets/", {...})`."""

    def __init__(self, user: User, **token: Any) -> None:
        made = make_token(actor=Actor.system(), user=user, **{"name": "Test", **token})
        self.token: ApiToken = made.token
        self.client = Client(headers={"Authorization": f"Bearer {made.secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return getattr(self.client, method)(f"/api/v1/{path}", text, content_type="application/json", headers=named)


class Receiver:
    """An address on this machine that keeps what it is told. `answers`: statuses it gives in turn before 200."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _headers, body in self.told]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 200
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"seen")

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler
