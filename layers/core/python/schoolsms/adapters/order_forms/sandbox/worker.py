"""The child process of `sandbox`: questions about a document on standard input, for each a line of JSON as answer."""

from __future__ import annotations

import base64
import gc
import json
import sys
import traceback
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.order_forms.sandbox import barrier
from schoolsms.adapters.order_forms.sandbox.parent import CPU_SECONDS, MEMORY_BYTES, MOST_QUESTIONS

if TYPE_CHECKING:
    from schoolsms.adapters.order_forms.scanned.pages import Returned


def _limit() -> None:
    gc.set_threshold(2_000)  # Python's own, which the package raised: documents make garbage
    try:
        import resource
    except ImportError:  # not on Windows, where this only ever runs for trial
        return
    limits = {
        resource.RLIMIT_AS: (MEMORY_BYTES, MEMORY_BYTES),
        resource.RLIMIT_CPU: (CPU_SECONDS, CPU_SECONDS * MOST_QUESTIONS),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),  # a crash leaves nothing of the document behind
    }
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, limit)
        except (OSError, ValueError):  # macOS refuses RLIMIT_AS: the time limit still holds
            continue


def _grant_time(question: int) -> None:
    """Let the process work on for the `question`th time, from 0."""
    if question:
        import resource

        most = CPU_SECONDS * MOST_QUESTIONS
        used = resource.getrusage(resource.RUSAGE_SELF)
        granted = round(used.ru_utime + used.ru_stime + 0.5) + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (min(granted, most), most))


def _work(verb: str, returned: Returned, others: list[bytes]) -> dict[str, Any]:
    if verb == "identify":
        from schoolsms.adapters.order_forms.identify import identify

        return identify(returned)
    if verb == "read_page":
        from schoolsms.adapters.order_forms.scanned.read_page import read_page

        return read_page(returned, *others)
    from schoolsms.adapters.order_forms.filled.read import read

    issued, *trusted = others
    return read(returned.content, issued, trusted)


def _in_json(value: object) -> str:
    """Pictures as base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def answer_in_json(verb: str, returned: Returned, others: list[bytes]) -> str:
    """The answer to `verb` as a JSON object. An exception is an answer too: its type and place, never its text."""
    try:
        answer = _work(verb, returned, others)
    except Exception as exc:  # noqa: BLE001  whatever a hostile document provokes ends here
        place = traceback.extract_tb(exc.__traceback__)[-1]
        answer = {"failure": f"{type(exc).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}"}
    return json.dumps(answer, default=_in_json)


def main() -> None:
    """Answer questions about the document that comes with the first one, until no other comes."""
    _limit()
    try:
        barrier.shut_in()
    except OSError:
        sys.stdout.write('{"unguarded": true}\n')
        return
    from schoolsms.adapters.order_forms.scanned.pages import Returned

    returned = None
    for question, line in enumerate(iter(sys.stdin.buffer.readline, b"")):
        _grant_time(question)
        head = json.loads(line)
        documents = [sys.stdin.buffer.read(size) for size in head["sizes"]]
        if returned is None:
            returned = Returned(documents.pop(0))
        sys.stdout.write(answer_in_json(head["verb"], returned, documents) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
