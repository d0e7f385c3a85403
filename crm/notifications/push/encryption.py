"""A message that only one browser can read: RFC 8291 over the content coding of RFC 8188, in one record."""

from __future__ import annotations

import base64
import binascii
import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
#: What services must accept is 4,096 bytes; this leaves room for header, padding and tag (RFC 8291 §4).
MAX_BYTES = 3993
_RECORD_BYTES = 4096
_KEY_BYTES, _AUTH_BYTES = 65, 16


def encode(raw: bytes) -> str:
    """Base64 for addresses, without padding, as browsers write keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes behind `encode`. Raises `ValueError`."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The public key as an uncompressed point of 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check_keys(p256dh: str, auth: str) -> None:
    """Raises `ValueError` for keys that no browser made."""
    if len(decode(p256dh)) != _KEY_BYTES or len(decode(auth)) != _AUTH_BYTES:
        raise ValueError("keys of the wrong length")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(p256dh))


def encrypt(
    plain: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    private: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push request (RFC 8291 §3.4). salt and private are random unless a test names them.

    Raises `ValueError` for keys that no browser made and for more than `MAX_BYTES`.
    """
    if len(plain) > MAX_BYTES:
        raise ValueError(f"a push message holds {MAX_BYTES} bytes at most")
    check_keys(p256dh, auth)
    salt, private = salt or os.urandom(16), private or ec.generate_private_key(CURVE)
    browser, ours = decode(p256dh), point(private.public_key())
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, browser))
    secret = _derive(shared, decode(auth), b"WebPush: info\x00" + browser + ours, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + struct.pack("!IB", _RECORD_BYTES, len(ours)) + ours
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
