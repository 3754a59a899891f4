"""The child process of `sandbox`: documents on standard input, one JSON object on standard output."""

import base64
import json
import sys
import traceback
from typing import Any

from schoolsms.adapters.order_forms.sandbox import barrier
from schoolsms.adapters.order_forms.sandbox.parent import ANSWER_BYTES, CPU_SECONDS, MEMORY_BYTES


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where this only ever runs for trial
        return
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: ANSWER_BYTES + 1,
        resource.RLIMIT_CORE: 0,  # a crash leaves nothing of the document behind
    }
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):  # macOS refuses RLIMIT_AS: the time limit still holds
            continue


def _work(verb: str, documents: list[bytes]) -> dict[str, Any]:
    if verb == "identify":
        from schoolsms.adapters.order_forms.identify import identify

        return identify(*documents)
    if verb == "read_page":
        from schoolsms.adapters.order_forms.scanned.read_page import read_page

        return read_page(*documents)
    from schoolsms.adapters.order_forms.filled.read import read

    document, issued, *trusted = documents
    return read(document, issued, trusted)


def _in_json(value: object) -> str:
    """Pictures as base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def answer_in_json(verb: str, documents: list[bytes]) -> str:
    """The answer to `verb` as a JSON object. An exception is an answer too: its type and place, never its text."""
    try:
        answer = _work(verb, documents)
    except Exception as exc:  # noqa: BLE001  whatever a hostile document provokes ends here
        place = traceback.extract_tb(exc.__traceback__)[-1]
        answer = {"failure": f"{type(exc).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}"}
    return json.dumps(answer, default=_in_json)


def main() -> None:
    """Read, work, answer."""
    _limit()
    try:
        barrier.shut_in()
    except OSError:
        sys.stdout.write('{"unguarded": true}')
        return
    head = json.loads(sys.stdin.buffer.readline())
    sys.stdout.write(answer_in_json(head["verb"], [sys.stdin.buffer.read(size) for size in head["sizes"]]))


if __name__ == "__main__":
    main()
