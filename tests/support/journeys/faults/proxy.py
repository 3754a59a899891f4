"""Proxy between functions and cloud or phone network that injects faults.

A fault hits the calls it matches, `times` of them, whatever function makes them: not a line of the service knows of it.
"""

import asyncio
import json
import os
import re
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp
from aiohttp import web

from tests.support.servers.phone_network_server import serving

Kind = Literal[
    "killed-before",  # the function's process, the call never arriving
    "killed-after",  # the same once the call was served
    "cut-before",  # the connection, the call never arriving
    "cut-after",  # the same once the call was served: its answer is lost
    "half",  # half of the answer, then the connection is cut
    "slow",  # the answer comes later than the caller waits
    "throttled",  # as DynamoDB does
    "too-many",  # 429
    "unavailable",  # 503
    "not-its-sender",  # as OVHcloud does not take a message for its sender: that is no failure of OVHcloud
]

REQUEST_ID = re.compile("REQUEST#([A-Z0-9]+)")
NETWORK = "/local/network"
HOP_BY_HOP = ("connection", "content-length", "date", "server", "transfer-encoding")
THROTTLED = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"


@dataclass(frozen=True)
class Call:
    """One call of a function. `operation` is AWS's own name; of the phone network `provider` for a message handed over
    and `provider-asked` for a question, whose `body` is its path."""

    operation: str
    body: str


@dataclass
class Fault:
    """Fault for calls of `operation` whose body contains all of `marks`; `hits` counts them."""

    kind: Kind
    operation: str
    marks: tuple[str, ...] = ()
    times: int = 1
    hits: int = 0

    def strikes(self, call: Call) -> bool:
        return (
            self.hits < self.times
            and self.operation == call.operation
            and all(mark in call.body for mark in self.marks)
        )


@dataclass
class FaultProxy:
    """Forwards to `cloud`, and what is the phone network's to `network`: base URLs, set before anything is called."""

    url: str = ""
    cloud: str = ""
    network: str = ""
    faults: list[Fault] = field(default_factory=list)
    awaited: dict[str, Callable[[str], None]] = field(default_factory=dict)
    """Callbacks by text, called with the id of the request once it is written and before anybody can see it."""

    taken: dict[str, Callable[[str], None]] = field(default_factory=dict)
    """Callbacks by our message id, called with OVHcloud's id once it took the message, before anybody else knows."""

    carried: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The bodies that functions put into each queue, by its URL."""

    slow_seconds: float = 11.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, kind: Kind, operation: str, *marks: str, times: int = 1) -> Fault:
        fault = Fault(kind, operation, marks, times)
        self.faults.append(fault)
        return fault

    def application(self) -> web.Application:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.cleanup_ctx.append(self._client)
        application.router.add_route("*", "/{rest:.*}", self._handle)
        return application

    async def _client(self, _: web.Application) -> Any:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        ) as self._session:
            yield

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        call = _call_of(request, body)
        self._meet(call)
        fault = self._fault_for(call)
        kind = fault.kind if fault else None
        if kind == "killed-before":
            return await self._killed(request)
        if kind == "cut-before":
            return _cut(request)
        if kind == "throttled":
            return _answer(400, {"__type": THROTTLED, "message": "throttled"})
        if kind in ("too-many", "unavailable"):
            return _answer(429 if kind == "too-many" else 503, {"message": "later"})
        if kind == "not-its-sender":
            return _answer(400, {"message": "[sender] This sender is not allowed"})
        try:
            status, headers, content = await self._forward(request, body)
        except aiohttp.ClientError:  # the stack is stopping, or has stopped
            return _cut(request)
        self._learn(call, content)
        if fault and call.operation == "TransactWriteItems" and status == 400:  # it met another: the next try is hit
            with self._lock:
                fault.hits -= 1
            kind = None
        if kind == "killed-after":
            return await self._killed(request)
        if kind == "cut-after":
            return _cut(request)
        if kind == "slow":
            await asyncio.sleep(self.slow_seconds)
        if kind == "half":
            return await _half(request, status, content)
        return web.Response(status=status, headers=headers, body=content)

    def _meet(self, call: Call) -> None:
        if call.operation in ("SendMessage", "SendMessageBatch"):
            sent = json.loads(call.body)
            self.carried[sent["QueueUrl"]] += [each["MessageBody"] for each in sent.get("Entries", [sent])]
        if call.operation == "TransactWriteItems":
            for text in [each for each in list(self.awaited) if json.dumps(each) in call.body]:
                found = REQUEST_ID.search(call.body)
                assert found
                self.awaited.pop(text)(found[1])

    def _learn(self, call: Call, content: bytes) -> None:
        """Tell by which id the provider took what somebody waits for."""
        for message_id in [each for each in list(self.taken) if call.operation == "provider" and each in call.body]:
            if ids := json.loads(content).get("ids"):
                self.taken.pop(message_id)(str(ids[0]))

    def _fault_for(self, call: Call) -> Fault | None:
        with self._lock:
            fault = next((each for each in self.faults if each.strikes(call)), None)
            if fault:
                fault.hits += 1
        return fault

    async def _forward(self, request: web.Request, body: bytes) -> tuple[int, dict[str, str], bytes]:
        # The Host stays that of this proxy: OVHcloud's signature covers the address that was called.
        target = (self.network if request.path.startswith(NETWORK) else self.cloud) + request.raw_path
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self._session.request(
            request.method, target, headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            return answer.status, kept, await answer.read()

    async def _killed(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports = (request.transport.get_extra_info(end)[1] for end in ("peername", "sockname"))
        os.kill(await asyncio.to_thread(_function_behind, *ports), signal.SIGKILL)
        return _cut(request)


@contextmanager
def proxying() -> Iterator[FaultProxy]:
    """A proxy that runs; where it leads is to be set."""
    proxy = FaultProxy()
    with serving(proxy.application()) as url:
        proxy.url = url
        yield proxy


def _call_of(request: web.Request, body: bytes) -> Call:
    text = body.decode(errors="replace")
    if request.path.startswith(NETWORK):
        return Call("provider", text) if request.method == "POST" else Call("provider-asked", request.raw_path)
    target = request.headers.get("X-Amz-Target", "")
    return Call(target.rpartition(".")[2] or f"{request.method} {request.path}", text)


def _function_behind(port: int, called: int) -> int:
    """The process that called our port `called` from `port`: one of the functions, or it is left alone.

    By both: a function of another stack may call its own cloud from the same port.
    """
    wanted = [f"0100007F:{each:04X}" for each in (port, called)]
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1:3] == wanted}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"awslambdaric" in (folder / "cmdline").read_bytes() and any(
                os.readlink(each) in sockets for each in (folder / "fd").iterdir()
            ):
                return int(folder.name)
        except OSError:
            continue  # it ended meanwhile
    raise LookupError(f"no function calls from port {port}")


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


async def _half(request: web.Request, status: int, content: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(status=status, headers={"Content-Length": str(len(content))})
    await answer.prepare(request)
    await answer.write(content[: len(content) // 2])
    if request.transport:
        request.transport.close()  # once that half is out
    return answer


def _answer(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/x-amz-json-1.0")
