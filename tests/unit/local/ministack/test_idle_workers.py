"""Functions of the embedded cloud that wait are not looked at all the time, and end at once."""

import queue
import socketserver
import threading

import pytest

from local.ministack.idle_workers import EventQueue, serve_patiently, shut_down_at_once


def test_a_server_that_waits_for_nobody_ends_at_once() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        serving = threading.Thread(target=serve_patiently, args=[server, 3600.0])
        serving.start()
        shut_down_at_once(server)
        serving.join()


def test_only_the_queue_of_the_next_event_is_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float | None] = []
    monkeypatch.setattr(queue.Queue, "get", lambda self, block, timeout: waited.append(timeout))

    EventQueue(maxsize=1).get(timeout=0.1)
    EventQueue(maxsize=1).get()
    EventQueue().get(timeout=0.1)

    assert waited == [5.0, None, 0.1]
