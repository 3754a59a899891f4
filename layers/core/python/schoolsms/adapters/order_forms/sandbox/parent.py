"""Read documents of strangers, each in a process of its own.

PDF readers are large and partly native: what makes one crash, swell or spin costs a child process with little
memory, little time and none of the function's credentials, and the document counts as unreadable. `barrier` keeps
what takes the child over from the parent, from the network and from writing. The parent reads no more of an answer
than ANSWER_BYTES, because a child that says more would fill the parent's memory.
"""

import json
import logging
import os
import subprocess
import sys
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from time import monotonic
from typing import Any, Literal

from schoolsms.adapters.order_forms.sandbox import barrier
from schoolsms.domain.errors import TransientError

MAX_BYTES = 15 * 1024 * 1024
"""The largest document that is looked at."""

MEMORY_BYTES = 400 * 1024 * 1024
CPU_SECONDS = 20
"""Processor time of one question."""

MOST_QUESTIONS = 2
"""Questions about one document: what it is, then what it says."""

ANSWER_BYTES = 8 * 1024 * 1024
"""The largest answer: four pictures of 900 by 900 pixels and the texts of the fields are 3 MB at most."""

WALL_SECONDS = 90  # far more than the processor time, which ends first unless the machine is busy with other things
_TO_EXIT_SECONDS = 1  # for a process that has closed its output: its exit code says why
_AT_ONCE = 1 << 16  # bytes: what a pipe holds
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
_log = logging.getLogger(__name__)

Verb = Literal["identify", "read", "read_page"]


class Child:
    """The process that reads one document. What it opened and rendered for a question is there for the next one."""

    def __init__(self, document: bytes) -> None:
        """Raises TransientError when no process can be started."""
        self.document = document
        self._heard = False
        self._process: subprocess.Popen[bytes] | None = None
        if len(document) <= MAX_BYTES:
            self._process = _started()

    def ask(self, verb: Verb, *others: bytes) -> dict[str, Any] | None:
        """Return the worker's answer about the document and `others`, or None when it could not cope with them.

        Raises TransientError when the worker cannot be shut in, or when it got too little of a processor: that says
        nothing of the document, and whoever sent it must not get a mail that it is unreadable.
        """
        if self._process is None or any(len(each) > MAX_BYTES for each in others):
            return None
        documents = others if self._heard else (self.document, *others)
        self._heard = True
        head = json.dumps({"verb": verb, "sizes": [len(each) for each in documents]})
        said = _exchanged(self._process, b"".join((head.encode(), b"\n", *documents)))
        answer = _parsed(said) or {"failure": f"exit {_ended(self._process, _TO_EXIT_SECONDS)}"}
        if answer.get("unguarded"):
            raise TransientError("no barrier for a document")
        if "failure" in answer:
            _log.warning("document not readable", extra={"verb": verb, "failure": answer["failure"]})
            return None
        return answer

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            _ended(self._process, 0)


def _started() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "schoolsms.adapters.order_forms.sandbox.worker"]
    try:
        barrier.hide()
        process = subprocess.Popen(  # noqa: S603  nothing of the command comes from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
    except OSError as exc:
        raise TransientError("no process for a document") from exc
    assert process.stdin
    os.set_blocking(process.stdin.fileno(), False)
    return process


def _exchanged(process: subprocess.Popen[bytes], question: bytes) -> bytes:
    """Write `question` and return one line, or what the worker said before it ended or said too much."""
    assert process.stdin
    assert process.stdout
    asking, answering = process.stdin.fileno(), process.stdout.fileno()
    until = monotonic() + WALL_SECONDS
    unasked, said = memoryview(question), bytearray()
    with DefaultSelector() as ready:
        ready.register(answering, EVENT_READ)
        ready.register(asking, EVENT_WRITE)
        while len(said) <= ANSWER_BYTES and not said.endswith(b"\n"):
            if (left := until - monotonic()) <= 0:
                raise TransientError("too little processor time for a document")
            for key, _ in ready.select(left):
                if key.fd == asking:
                    unasked = unasked[_taken(asking, unasked[:_AT_ONCE]) :]
                    if not unasked:
                        ready.unregister(asking)
                elif more := os.read(answering, _AT_ONCE):
                    said += more
                else:
                    return bytes(said)
    return bytes(said)


def _taken(pipe: int, part: memoryview) -> int:
    """How much of `part` the pipe took: all of it, into nothing, if the worker has ended."""
    try:
        return os.write(pipe, part)
    except BrokenPipeError:
        return len(part)


def _parsed(said: bytes) -> dict[str, Any]:
    """The JSON object in `said`, or nothing: a worker that was taken over says what it likes."""
    try:
        answer = json.loads(said) if len(said) <= ANSWER_BYTES else None
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}


def _ended(process: subprocess.Popen[bytes], patience_seconds: float) -> int:
    """The exit code of `process`, which is killed if it does not exit by itself."""
    with process:
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode
