import errno
import socket

import pytest

from local.machine.tcp_ports import TakenPort, check_free, free_ports


def test_a_taken_port_is_reported_with_the_variable_that_chooses_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(TakenPort, match=rf"port {port} is taken.*SMTP_PORT="):
            check_free({"SMTP_PORT": port})


def test_a_port_for_the_administrator_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """As anybody else than root meets `PORT=80`."""

    class Refusing(socket.socket):
        def bind(self, address: object, /) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("local.machine.tcp_ports.socket.socket", Refusing)
    with pytest.raises(TakenPort, match="port 80 is for the administrator: choose one above 1023 with PORT="):
        check_free({"PORT": 80})


def test_free_ports_are_distinct_and_free() -> None:
    ports = free_ports(3)
    assert len(set(ports)) == 3
    check_free({f"PORT_{port}": port for port in ports})
