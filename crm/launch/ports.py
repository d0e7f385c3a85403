"""Choosing TCP ports on loopback."""

import socket

from .errors import LaunchError

WEB_PORT = 8000
WEB_TRIES = 100


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


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

    Raises `LaunchError` when the wanted port is no port or is taken, or when none is free.
    """
    if wanted:
        if not wanted.isdigit() or not 0 < int(wanted) < 65536:
            raise LaunchError(f"PORT is {wanted!r}: set it to a number from 1 to 65535.")
        if not is_free(int(wanted), host):
            raise LaunchError(f"Port {wanted} is taken by another program: set PORT to a free one.")
        return int(wanted)
    for port in range(WEB_PORT, WEB_PORT + WEB_TRIES):
        if is_free(port, host):
            return port
    raise LaunchError(f"No port from {WEB_PORT} to {WEB_PORT + WEB_TRIES - 1} is free: set PORT to a free one.")
