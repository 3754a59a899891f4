"""Real HTTP servers on 127.0.0.1 for tests of providers: one in a thread, and what takes receipts."""

import asyncio
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

KEYS = {"application_key": "app-key", "application_secret": "app-secret", "consumer_key": "consumer"}
RECEIPT_SECRET = "receipt-secret"
LONGEST_SECONDS = 600
"""After which what never comes is given up; a busy machine must not make it come too late."""


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
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(LONGEST_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(_stop(runner), loop).result(LONGEST_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LONGEST_SECONDS)
        # Connections that were cut report to the loop once more before they are gone.
        loop.run_until_complete(_finish_tasks())
        loop.close()


async def _stop(runner: web.AppRunner) -> None:
    """Close every connection, also one whose answer nobody reads: aiohttp waits for it to be read, and forgets it."""
    for site in list(runner.sites):
        await site.stop()
    await _finish_tasks()
    await runner.cleanup()
    # The loop alone knows them all: the server has forgotten one that it wants to close once its answer is read.
    for transport in list(vars(asyncio.get_running_loop())["_transports"].values()):
        transport.abort()


async def _finish_tasks() -> None:
    """A connection may have been accepted at the very end, by a task that must finish before it can be closed."""
    accepting = [task for task in asyncio.all_tasks() if "_accept_connection" in repr(task.get_coro())]
    if accepting:
        await asyncio.wait(accepting, timeout=5)
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
        return self._taken.get(timeout=LONGEST_SECONDS)

    @property
    def is_empty(self) -> bool:
        return self._taken.empty()

    async def _take(self, request: web.Request) -> web.Response:
        if request.match_info["secret"] != RECEIPT_SECRET:
            return web.Response(status=404)
        self._taken.put(dict(request.query))
        return web.Response(status=self._statuses.pop(0) if self._statuses else 204)
