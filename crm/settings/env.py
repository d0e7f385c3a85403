"""The one place that reads the environment, so that every variable is typed and listed once."""

import ipaddress
import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


class MissingSetting(RuntimeError):
    """A variable that this role cannot start without is not set."""


class WrongSetting(ValueError):
    """A variable is set to something that cannot be understood."""


def text(name: str, default: str | None = None) -> str:
    """The variable as text. Raises `MissingSetting` when it is empty and has no default."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise MissingSetting(f"Set {name}; docs/configuration.md says how.")
    return default


def require(*names: str) -> None:
    """Raises `MissingSetting` that lists every one of the variables that is empty."""
    missing = [name for name in names if not os.environ.get(name, "").strip()]
    if missing:
        raise MissingSetting(f"Set {', '.join(missing)}; docs/configuration.md says how.")


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; false for 0, false, no, off. Raises `WrongSetting` for other words."""
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE_WORDS | FALSE_WORDS:
        raise WrongSetting(f"{name} is {value!r}: set it to 1 or 0.")
    return value in TRUE_WORDS


def number(name: str, default: int) -> int:
    """The variable as a whole number of at least zero. Raises `WrongSetting` for anything else."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise WrongSetting(f"{name} is {value!r}: set it to a whole number.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def networks(name: str) -> list[str]:
    """A comma-separated list of networks in CIDR notation, none by default. Raises `WrongSetting`."""
    found = words(name)
    try:
        return [str(ipaddress.ip_network(text)) for text in found]
    except ValueError as error:
        raise WrongSetting(f"{name} lists networks such as 10.20.0.0/16, separated by commas.") from error


def email(name: str, default: str) -> dict[str, Any]:
    """Django's mail settings from one address. Raises `WrongSetting`.

    `smtp://user:password@host:587?tls=1` (STARTTLS), `smtps://user:password@host:465` (TLS from the start),
    `file:///folder` (one file per message), `console://` (printed).
    """
    value = text(name, default)
    parts = urlsplit(value)
    backend = "django.core.mail.backends."
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{backend}console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": f"{backend}filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        # The value may hold a password, so it is not repeated here.
        raise WrongSetting(f"{name} must look like smtp://user:password@host:587?tls=1, file:///folder or console://.")
    try:
        port = parts.port
    except ValueError as error:
        raise WrongSetting(f"{name} has a port that is no number from 1 to 65535.") from error
    implicit = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("tls", ["0"])[0].lower() in TRUE_WORDS
    return {
        "EMAIL_BACKEND": f"{backend}smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if implicit else 587 if starttls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": starttls and not implicit,
    }


def sms(name: str, default: str) -> dict[str, Any]:
    """Who takes text messages, from one address. Raises `WrongSetting`.

    `none://` (nobody), `console://` (one file a message), `twilio://ACCOUNT:TOKEN@api.twilio.com?from=+15005550006`
    with `from` a number or a messaging service (`MG…`). `?countries=86,852` takes no number of another country.
    """
    parts = urlsplit(text(name, default))
    query = parse_qs(parts.query.replace("+", "%2B"))
    codes = [code.strip().lstrip("+") for code in query.get("countries", [""])[0].split(",") if code.strip()]
    if not all(code.isdecimal() for code in codes):
        raise WrongSetting(f"{name} names countries by their calling codes, such as countries=86,852.")
    common = {"sender": parts.scheme, "countries": [int(code) for code in codes]}
    if parts.scheme in {"none", "console"}:
        return common
    origin = query.get("from", [""])[0]
    try:
        port = parts.port
    except ValueError as error:
        raise WrongSetting(f"{name} has a port that is no number from 1 to 65535.") from error
    here = parts.hostname in {"127.0.0.1", "localhost"}
    if parts.scheme != "twilio" or not (parts.hostname and parts.username and parts.password and origin):
        # The value may hold a password, so it is not repeated here.
        raise WrongSetting(
            f"{name} must look like twilio://ACCOUNT:TOKEN@api.twilio.com?from=+15005550006, console:// or none://."
        )
    return {
        **common,
        "account": unquote(parts.username),
        "token": unquote(parts.password),
        "origin": origin,
        "host": parts.hostname,
        "port": port or (80 if here else 443),
        "secure": not here,
    }


def credit(name: str, default: str) -> dict[str, str]:
    """Who is asked how customers pay, from one address. Raises `WrongSetting`.

    `none://` (nobody), `console://` (answers made up from the code, for development), `https://TOKEN@host/path`.
    """
    parts = urlsplit(text(name, default))
    if parts.scheme in {"none", "console"}:
        return {"source": parts.scheme}
    if parts.scheme not in {"https", "http"} or not parts.hostname or not parts.username:
        # The value may hold a password, so it is not repeated here.
        raise WrongSetting(f"{name} must look like https://TOKEN@credit.example.com/reports, console:// or none://.")
    host = parts.netloc.rpartition("@")[2]
    return {
        "source": "http", "host": parts.hostname, "token": unquote(parts.username),
        "url": f"{parts.scheme}://{host}{parts.path}",
    }  # fmt: skip
