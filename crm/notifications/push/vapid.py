"""Who sends: a signature on each push request (RFC 8292), so that a service can tell servers apart."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from crm.core.secrets import encrypt

from .encryption import CURVE, encode, point

#: Services refuse more than 24 hours (RFC 8292 §2).
VALID_FOR = dt.timedelta(hours=12)


def generate() -> tuple[str, str]:
    """A new pair: the public key as browsers take it, and the private one as a token of `core.secrets`."""
    private = ec.generate_private_key(CURVE)
    return encode(point(private.public_key())), encrypt(f"{private.private_numbers().private_value:064x}")


def private_key(number: str) -> ec.EllipticCurvePrivateKey:
    """The key behind the decrypted token of `generate`."""
    return ec.derive_private_key(int(number, 16), CURVE)


def authorization(endpoint: str, *, private: ec.EllipticCurvePrivateKey, contact: str, now: dt.datetime) -> str:
    """The Authorization header for one push service. contact: a mailto: or https: address of who runs this server."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + VALID_FOR).timestamp()),
        "sub": contact,
    }
    unsigned = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(private.sign(unsigned.encode(), ec.ECDSA(SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={unsigned}.{signature}, k={encode(point(private.public_key()))}"


def _part(values: dict[str, object]) -> str:
    return encode(json.dumps(values, separators=(",", ":")).encode())
