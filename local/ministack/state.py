"""Saves MiniStack's state, tracks its changes and reads it again, in place of MiniStack's own way.

Its own writes each service's file in turn, at a clean stop only, and starts afresh with whatever it cannot read.
Touches MiniStack's internals, as `patches.py` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from local.ministack import bounds
from local.stack.saving import cloud_state
from local.stack.saving.saver import BEAT_SECONDS, NotSaved, Saver

try:
    import orjson  # type: ignore[import-not-found]  # a quarter of the time, and each save counts
except ModuleNotFoundError:  # an environment from before, until the next `make setup`
    orjson = None

GRACE_SECONDS = 2.0
"""Time that calls under way, or a deployment, may still take at a stop."""

READ_ONLY = ("Get", "Query", "Scan", "BatchGet", "TransactGet", "Describe", "List")
INVOCATION = "/_aws/execute-api/"
OWN = "/_ministack"


def services() -> Iterator[tuple[str, Any]]:
    """Every loaded service with its state. For a forked copy only: it gives MiniStack's own objects, some changed."""
    from ministack import app  # type: ignore[import-not-found]
    from ministack.core import persistence  # type: ignore[import-not-found]

    copy.deepcopy = _as_it_is  # type: ignore[assignment]  # nobody changes the objects of a copy of the process
    bounds.drop_logs()
    for name, get_state in app._build_persistence_save_dict().items():
        state = get_state()
        if state is not None:
            yield name, {"__ministack_format__": persistence._state_format_version(name), "payload": state}


def _as_it_is(value: Any, memo: Any = None) -> Any:
    return value


def dumps(state: Any) -> bytes:
    """JSON of a service's state, with MiniStack's own stores and bytes."""
    from ministack.core import persistence

    if orjson is not None:
        with contextlib.suppress(TypeError):  # keys that are no text, numbers of more than 64 bits
            encoded: bytes = orjson.dumps(state, default=persistence._json_default)
            return encoded
    # One call for the whole: json.dump does without the encoder in C and takes ten times as long.
    return json.dumps(state, default=persistence._json_default, separators=(",", ":")).encode()


def load(folder: Path) -> None:
    """Read the newest generation into MiniStack; raises `cloud_state.UnreadableState` rather than lose any of it."""
    from ministack import app
    from ministack.core import persistence
    from ministack.services import lambda_svc  # type: ignore[import-not-found]

    generation = cloud_state.newest(folder)
    # MiniStack would remove what the generation before still names; those of no generation go once all is read.
    prune, lambda_svc._prune_orphan_code_blobs = lambda_svc._prune_orphan_code_blobs, lambda named: None
    if generation is None:
        return
    states = dict(generation.read(persistence._json_object_hook))
    for name, module in app._state_map.items():
        wrapped = states.get(name)
        if not wrapped:
            continue
        try:
            if wrapped["__ministack_format__"] > persistence._state_format_version(name):
                raise ValueError("a newer version of the embedded cloud wrote it")
            if wrapped["payload"]:
                app._get_module(module).load_persisted_state(wrapped["payload"])
        except Exception as error:
            raise cloud_state.unreadable(generation.path, ValueError(f"{name}: {error}")) from error
    prune(_named_code(lambda_svc))


def _named_code(lambda_svc: Any) -> set[str]:
    """The names of the code files of all functions."""
    named: set[str] = set()
    for function in lambda_svc._functions._data.values():
        for each in (function, *function.get("versions", {}).values()):
            lambda_svc._externalize_code_zip(dict(each), named)
    return named


def deploys() -> bool:
    """Whether CloudFormation is changing a stack."""
    cloudformation = sys.modules.get("ministack.services.cloudformation")
    stacks = list(cloudformation._stacks._data.values()) if cloudformation else []
    return any(stack.get("StackStatus", "").endswith("_IN_PROGRESS") for stack in stacks)


def watch_changes(changed: Callable[[], None]) -> None:
    """Call `changed` when a service's own threads change something; calls over HTTP are seen by `Serving`."""
    from ministack.services import dynamodb, sqs, stepfunctions

    for module, name in (
        (sqs, "_receive_messages_for_esm"),
        (sqs, "_delete_messages_for_esm"),
        (stepfunctions, "_add_event"),
        (dynamodb, "stream_records_since"),
    ):
        setattr(module, name, _noticing(getattr(module, name), changed, always=name == "_delete_messages_for_esm"))


def _noticing(work: Callable[..., Any], changed: Callable[[], None], *, always: bool) -> Callable[..., Any]:
    def noticed(*arguments: Any, **options: Any) -> Any:
        result = work(*arguments, **options)
        if result or always:
            changed()
        return result

    return noticed


def is_change(scope: dict[str, Any]) -> bool:
    """Whether a call may change what is saved; what a function does for it comes in calls of its own."""
    path: str = scope.get("path", "")
    if path.startswith((OWN, INVOCATION)):
        return False
    for name, value in scope.get("headers", ()):
        if name == b"x-amz-target":
            return not value.decode("latin-1").rpartition(".")[2].startswith(READ_ONLY)
    return scope.get("method") not in ("GET", "HEAD")


class Serving:
    """Serves MiniStack until SIGTERM or SIGINT, saving meanwhile, and ends the process with everything saved."""

    def __init__(self, folder: Path, lock: int, say: Callable[[str], None]) -> None:
        """`say` brings a line to the launcher: `note: …`, or `error: …` before the process ends by it."""
        self._folder = folder
        self._say = say
        self._saver = Saver(
            folder,
            services,
            dumps,
            lambda sentence: say(f"note: {sentence}"),
            bounds.tidy,
            lock,
            may_save=lambda: not deploys(),
            pause_seconds=float(os.environ["SAVE_PAUSE_SECONDS"]) if os.environ.get("SAVE_PAUSE_SECONDS") else None,
        )
        self._under_way = 0
        self._closed = False

    def install(self) -> None:
        """Take the place of MiniStack's persistence, and of the server it would start."""
        import hypercorn.asyncio  # type: ignore[import-not-found]
        from ministack import app

        self._serve = hypercorn.asyncio.serve
        hypercorn.asyncio.serve = self.serve
        # Called by MiniStack, an error would only be logged: the server would serve an empty cloud.
        app._load_persisted_state = lambda: None

    def _load(self) -> None:
        loss = cloud_state.Pulse(self._folder).loss(BEAT_SECONDS)
        watch_changes(self._saver.changed)
        try:
            load(self._folder)
        except cloud_state.UnreadableState as error:
            self._say(f"error: {error}")
            _end(1)
        if loss:
            self._say(f"note: {loss}")

    async def serve(self, app: Any, config: Any) -> None:
        """In place of `hypercorn.asyncio.serve`; does not return but for a failure of the server."""
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        self._load()
        server = asyncio.ensure_future(self._serve(self._counted(app), config, shutdown_trigger=asyncio.Event().wait))
        saving = asyncio.ensure_future(self._saver.keep_saving())
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait((server, saving, stop), return_when=asyncio.FIRST_COMPLETED)
        if not stopping.is_set():
            (server if server.done() else saving).result()
            raise RuntimeError("the embedded cloud stopped serving by itself")
        with contextlib.suppress(TimeoutError):
            await self._await_calls()
        self._closed = True  # nothing is acknowledged any more that the last save does not have
        saving.cancel()
        if deploys():  # half a deployment could not go on: the save before it can, and the next start deploys again
            _end(0)
        code = 0
        try:
            await self._saver.finish()
        except NotSaved as error:
            self._say(f"error: the embedded cloud could not save its state, the save before is kept: {error}")
            code = 1
        _end(code)

    async def _await_calls(self) -> None:
        async with asyncio.timeout(GRACE_SECONDS):
            while self._under_way or deploys():
                await asyncio.sleep(0.02)

    def _counted(self, app: Any) -> Any:
        async def counted(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            if self._closed:
                await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body", "body": b""})
                return
            self._under_way += 1
            try:
                await app(scope, receive, send)
            finally:
                self._under_way -= 1
                if is_change(scope):
                    self._saver.changed()

        return counted


def _end(code: int) -> NoReturn:
    """End this process and the functions it started, without the tidying up that could wait for them."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.getpgid(0) == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
    os._exit(code)
