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

    async def start() -> asyncio.Server:
        await runner.setup()
        assert runner.server
        return await loop.create_server(runner.server, "127.0.0.1", 0)

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(LONGEST_SECONDS)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server, runner), loop).result(LONGEST_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LONGEST_SECONDS)
        # Connections that were cut report to the loop once more before they are gone.
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def _stop(server: asyncio.Server, runner: web.AppRunner) -> None:
    """Close every connection, also one that is just accepted: asyncio drops it, open, if its server is closed by then.

    Also one whose answer nobody reads: aiohttp waits for it to be read, and forgets it.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening)
    while any("_accept_connection" in repr(task.get_coro()) for task in asyncio.all_tasks()):
        await asyncio.sleep(0)
    server.close()
    await runner.cleanup()
    # The loop alone knows them all: the server has forgotten one that it wants to close once its answer is read.
    for transport in list(vars(loop)["_transports"].values()):
        transport.abort()


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
