"""A browser's push service on loopback, and the browser behind it: keeps what it is sent, and can read it."""

from __future__ import annotations

import base64
import json
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Received:
    """One request as the service got it."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """Keys of one browser, as `PushSubscription.toJSON()` gives them."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"0123456789abcdef"

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def keys(self) -> dict[str, str]:
        return {"p256dh": text(self.public), "auth": text(self.auth)}

    def read(self, body: bytes) -> bytes:
        """The plain text of an aes128gcm body, as a browser reads it (RFC 8291 §3.4, RFC 8188 §2)."""
        salt, (_size, length), rest = body[:16], struct.unpack("!IB", body[16:21]), body[21:]
        sender, cipher = rest[:length], rest[length:]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = _hkdf(shared, self.auth, b"WebPush: info\x00" + self.public + sender, 32)
        key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, cipher, None).rstrip(b"\x00")
        assert plain.endswith(b"\x02"), "the last record ends with the delimiter 2"
        return plain[:-1]


class PushService:
    """Listens on loopback. `answers` are statuses with headers, used up one a request; then 201."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def endpoint(self, name: str = "browser") -> str:
        return f"http://127.0.0.1:{self._server.server_port}/push/{name}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                service.received.append(Received(self.path, headers, body))
                status, extra = service.answers.pop(0) if service.answers else (201, {})
                self.send_response(status)
                for key, value in {"Content-Length": "0", **extra}.items():
                    self.send_header(key, value)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Nothing on the terminal."""

        return Handler


def claims_of(authorization: str) -> dict[str, Any]:
    """The claims of a VAPID header; raises `InvalidSignature` unless the key it names signed them (RFC 8292 §3)."""
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    unsigned, _dot, signature = parts["t"].rpartition(".")
    r, s = raw(signature)[:32], raw(signature)[32:]
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(parts["k"]))
    der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    key.verify(der, unsigned.encode(), ec.ECDSA(SHA256()))
    header, claims = (json.loads(raw(part)) for part in unsigned.split("."))
    assert header == {"typ": "JWT", "alg": "ES256"}
    return {**claims, "key": parts["k"]}


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
