"""Real HTTP servers on 127.0.0.1 for tests of providers: one in a thread, and what takes receipts."""

import asyncio
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

KEYS = {"application_key": "app-key", "application_secret": "app-secret", "consumer_key": "consumer"}
RECEIPT_SECRET = "receipt-secret"


@contextmanager
def serving(application: web.Application) -> Iterator[str]:
    """Serve `application` from a thread of its own; its base URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port: int = runner.addresses[0][1]
        return port

    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        yield f"http://127.0.0.1:{port}"
    finally:
        server = runner.server
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        # Connections that were cut tell the loop once more before they are gone.
        loop.run_until_complete(_let_go(server))
        loop.close()


async def _let_go(server: web.Server | None) -> None:
    """A connection may have been taken in at the very end, by a task that must be let finish to be cut."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    if others:
        await asyncio.wait(others, timeout=5)
    for handler in server.connections if server else ():
        if handler.transport:
            handler.transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)


class ReceiptSink:
    """Takes receipts as the service's callback does; answers `statuses` in turn, then 204."""

    def __init__(self, statuses: Sequence[int] = ()) -> None:
        self._statuses = list(statuses)
        self._taken: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/v1/receipts/ovh/{secret}", self._take)
        return application

    def next(self) -> dict[str, str]:
        """The query of the next receipt, waiting for it."""
        return self._taken.get(timeout=10)

    @property
    def is_empty(self) -> bool:
        return self._taken.empty()

    async def _take(self, request: web.Request) -> web.Response:
        if request.match_info["secret"] != RECEIPT_SECRET:
            return web.Response(status=404)
        self._taken.put(dict(request.query))
        return web.Response(status=self._statuses.pop(0) if self._statuses else 204)
