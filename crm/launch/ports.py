"""Choosing TCP ports on loopback."""

import errno
import socket

from .errors import LaunchError

WEB_PORT = 8000
WEB_TRIES = 100
#: Below it only root may listen, on most systems.
FIRST_OF_EVERYBODY = 1024


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when a server could listen there now."""
    return _refused(port, host) is None


def _refused(port: int, host: str) -> int | None:
    """Why no server could listen there, as the system's number; None when it could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:  # this machine may know nothing of IPv6
        return error.errno or 0
    return None


def _check_host(host: str) -> None:
    if _refused(0, host) is not None:
        raise LaunchError(f"HOST is {host!r}, which is no address of this machine: set it to 127.0.0.1 or 0.0.0.0.")


def any_free_port() -> int:
    """A port that the kernel says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep_or_choose(remembered: object) -> int:
    """The remembered port while it is free, otherwise a new one."""
    if isinstance(remembered, int) and 0 < remembered < 65536 and is_free(remembered):
        return remembered
    return any_free_port()


def web_port(wanted: str, host: str) -> int:
    """The port for the web: exactly `wanted` when it is given, else the first free one from 8000.

    Raises `LaunchError` when the wanted port is no port or is taken, when none is free, or when this machine has no
    such host.
    """
    _check_host(host)
    if wanted:
        if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
            raise LaunchError(f"PORT is {wanted!r}: set it to a number from 1 to 65535.")
        if int(wanted) < FIRST_OF_EVERYBODY and _refused(int(wanted), host) == errno.EACCES:
            raise LaunchError(f"Port {wanted} is for root only: set PORT to one from {FIRST_OF_EVERYBODY}.")
        if not is_free(int(wanted), host):
            raise LaunchError(f"Port {wanted} is taken by another program: set PORT to a free one.")
        return int(wanted)
    for port in range(WEB_PORT, WEB_PORT + WEB_TRIES):
        if is_free(port, host):
            return port
    raise LaunchError(f"No port from {WEB_PORT} to {WEB_PORT + WEB_TRIES - 1} is free: set PORT to a free one.")
