"""Is a port free, and which are."""

from __future__ import annotations

import errno
import random
import socket
from collections.abc import Mapping

from local.machine.settings import HOST


class TakenPort(Exception):
    """The stack cannot listen on a port that it needs; the message says why and how to choose another."""


def check_free(ports: Mapping[str, int]) -> None:
    """Raises `TakenPort` for the first of `{variable: port}` that cannot be listened on."""
    for variable, port in ports.items():
        trouble = _trouble(port)
        if trouble == errno.EACCES:
            raise TakenPort(f"port {port} is for the administrator: choose one above 1023 with {variable}=…")
        if trouble:
            raise TakenPort(f"port {port} is taken: stop what listens there, or choose another with {variable}=…")


def is_free(port: int) -> bool:
    return not _trouble(port)


def _trouble(port: int) -> int:
    """The `errno` with which listening on `port` fails, 0 if it does not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
        return 0


def free_ports(count: int) -> list[int]:
    """That many free ports, below those the system hands out for outgoing connections."""
    candidates = random.SystemRandom().sample(range(20000, 32000), 1000)
    found = [port for _, port in zip(range(1000), candidates, strict=True) if is_free(port)]
    return found[:count]
