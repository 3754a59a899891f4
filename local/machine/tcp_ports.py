"""Is a port free, and which are."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping

from local.machine.settings import HOST


class TakenPort(Exception):
    """Something listens on a port that the stack needs; the message tells how to take another."""


def check_free(ports: Mapping[str, int]) -> None:
    """Raises `TakenPort` for the first of `{variable: port}` that cannot be listened on."""
    for variable, port in ports.items():
        if not is_free(port):
            raise TakenPort(f"port {port} is taken: stop what listens there, or choose another with {variable}=…")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """That many free ports, below those the system hands out for outgoing connections."""
    candidates = random.SystemRandom().sample(range(20000, 32000), 1000)
    found = [port for _, port in zip(range(1000), candidates, strict=True) if is_free(port)]
    return found[:count]
